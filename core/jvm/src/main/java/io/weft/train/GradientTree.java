package io.weft.train;

import io.weft.engine.Gradient;
import io.weft.internal.Seam;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The sum of the gradients of a batch's micro-batches, in one order however many there are at a
 * time and whichever comes first: pairs are added, 0 + 1, 2 + 3 and so on, then pairs of these
 * sums; what has no pair goes up as it is. The micro-batches from {@code i 2^k} on and before
 * {@code (i + 1) 2^k} have a sum of their own, which may be computed elsewhere. For several threads
 * at once.
 */
@Seam
public final class GradientTree {

  private final int count;
  private final Map<Place, Gradient> waiting = new HashMap<>();
  private Optional<Gradient> root = Optional.empty();

  private record Place(int level, int index) {}

  /**
   * Begins a sum.
   *
   * @param count how many micro-batches there are, at least 1
   */
  public GradientTree(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("a batch has at least 1 micro-batch, found " + count);
    }
    this.count = count;
  }

  /** Adds the gradient of one micro-batch, by its number from 0; each once. It is taken over. */
  public void add(int number, Gradient gradient) {
    add(0, number, gradient);
  }

  /**
   * Adds the sum of the micro-batches from {@code index 2^level} on, 2^level of them or as many as
   * there are; each once. It is taken over.
   */
  public void add(int level, int index, Gradient sum) {
    int size = size(level);
    if (index < 0 || index >= size) {
      throw new IllegalArgumentException(
          "of " + count + " micro-batches, level " + level + " has " + size + ", found " + index);
    }
    int at = index;
    Gradient reached = sum;
    for (int k = level; size(k) > 1; k++) {
      boolean hasPair = at % 2 == 1 || at + 1 < size(k);
      if (hasPair) {
        Optional<Gradient> other = other(new Place(k, at / 2), reached);
        if (other.isEmpty()) {
          return;
        }
        // The first of the two, by number, is the left of the addition.
        reached = at % 2 == 1 ? other.get().plus(reached) : reached.plus(other.get());
      }
      at /= 2;
    }
    finish(reached);
  }

  private int size(int level) {
    return (int) (((long) count + (1L << level) - 1) >> level);
  }

  /** Returns the other one of a pair, or leaves this one for it. */
  private synchronized Optional<Gradient> other(Place pair, Gradient one) {
    Optional<Gradient> other = Optional.ofNullable(waiting.remove(pair));
    if (other.isEmpty()) {
      waiting.put(pair, one);
    }
    return other;
  }

  private synchronized void finish(Gradient sum) {
    root = Optional.of(sum);
  }

  /**
   * Returns the sum of all.
   *
   * @throws IllegalStateException if some are missing
   */
  public synchronized Gradient sum() {
    return root.orElseThrow(
        () -> new IllegalStateException("some of " + count + " micro-batches are missing"));
  }
}
