package io.weft.train;

import io.weft.data.Examples;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Which examples each step takes: in every epoch each example once, in an order that follows from
 * (seed, epoch) alone, so that training can go on from any step. Where examples can only be gone
 * through, those of a block are shuffled, and the blocks follow each other.
 */
final class ExampleOrder {

  private final int count;
  private final int block;
  private final int batch;
  private final long seed;
  private long shuffledEpoch = -1;
  private int[] shuffled = {};

  ExampleOrder(int count, int batch, long seed) {
    this(count, count, batch, seed);
  }

  private ExampleOrder(int count, int block, int batch, long seed) {
    this.count = count;
    this.block = Math.max(1, block);
    this.batch = batch;
    this.seed = seed;
  }

  /** Returns the order in which examples are trained on. */
  static ExampleOrder of(Examples examples, int batch, long seed) {
    return new ExampleOrder(examples.size(), examples.block(), batch, seed);
  }

  /** Returns the number of steps in an epoch. */
  long stepsPerEpoch() {
    return ((long) count + batch - 1) / batch;
  }

  private int from(long step) {
    return (int) (step % stepsPerEpoch() * batch);
  }

  /** Returns how many examples step {@code step}, from 0, takes. */
  int size(long step) {
    return Math.min(batch, count - from(step));
  }

  /** Returns the pass over the examples that step {@code step}, from 0, belongs to, from 0. */
  long epoch(long step) {
    return step / stepsPerEpoch();
  }

  /** Returns the indices of the examples that step {@code step}, from 0, takes. */
  int[] indices(long step) {
    long epoch = epoch(step);
    if (epoch != shuffledEpoch) {
      shuffled = shuffle(epoch);
      shuffledEpoch = epoch;
    }
    return Arrays.copyOfRange(shuffled, from(step), from(step) + size(step));
  }

  /** The permutation of one epoch (Fisher and Yates). */
  private int[] shuffle(long epoch) {
    int[] order = new int[count];
    Arrays.setAll(order, i -> i);
    SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + epoch);
    for (long from = 0; from < count; from += block) {
      shuffle(order, (int) from, (int) Math.min(from + block, count), random);
    }
    return order;
  }

  private static void shuffle(int[] order, int from, int to, SplittableRandom random) {
    for (int i = to - 1; i > from; i--) {
      int j = from + random.nextInt(i - from + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
  }
}
