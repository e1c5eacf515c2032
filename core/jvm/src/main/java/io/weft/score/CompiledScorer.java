package io.weft.score;

import io.weft.data.Examples;
import io.weft.define.Definition;
import io.weft.engine.Batch;
import io.weft.engine.Engine;
import io.weft.engine.Scoring;
import io.weft.internal.Count;
import io.weft.internal.memory.MemoryNeed;
import io.weft.internal.thread.Aside;
import io.weft.internal.thread.Lease;
import io.weft.internal.thread.Turns;
import io.weft.order.GenerationOrder;
import io.weft.spec.ImageSpec;
import io.weft.weight.Weights;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * What scores under a definition and some orders: compiled once there are weights, which may be
 * replaced. It is {@linkplain #score lent} to who scores; threads score side by side, except while
 * new weights are taken over.
 */
final class CompiledScorer implements AutoCloseable {

  /** So many images are scored at once, fewer where the machine has no memory for them. */
  private static final int BATCH = 32;

  /** What every JVM can allocate as one array, memory permitting. */
  private static final int MOST_VALUES = Integer.MAX_VALUE - Byte.SIZE;

  private final Definition definition;
  private final List<GenerationOrder> orders;
  private final Engine engine;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private Optional<Scoring> program = Optional.empty();
  private Optional<Weights> used = Optional.empty();

  /** Makes one that is not compiled yet. */
  CompiledScorer(Definition definition, List<GenerationOrder> orders, Engine engine) {
    this.definition = definition;
    this.orders = orders;
    this.engine = engine;
  }

  /**
   * Returns the log-likelihoods of examples, which fit the model, under an order.
   *
   * @param lent given back in the end, when the batch in hand is done
   * @throws IllegalArgumentException if they have more values than an array holds
   * @throws IllegalStateException before the next batch once the keeper is closed
   */
  static Scores score(Lease<CompiledScorer> lent, Weights weights, Examples examples, int order) {
    try (Turns turns = new Turns(lent::close)) {
      CompiledScorer scorer = lent.value();
      requireArray(scorer.definition.image(), examples.size());
      // Compiles, and fails where it must, before conditions are asked for.
      Aside.orLeave(() -> turns.take(() -> scorer.run(weights, program -> true)), ready -> {});
      return scorer.score(
          examples,
          batch -> {
            lent.checkOpen();
            return Aside.orLeave(
                () ->
                    turns.take(
                        () -> scorer.run(weights, program -> program.logLikelihoods(batch, order))),
                found -> {});
          });
    }
  }

  private Scores score(Examples examples, Function<Batch, float[]> logLikelihoods) {
    int size = definition.image().values();
    float[] values = new float[examples.size() * size];
    int most = MemoryNeed.ofScoring(definition).atMost(BATCH);
    for (int from = 0; from < examples.size(); from += most) {
      int to = Math.min(from + most, examples.size());
      // Conditions are the caller's code, for its own thread.
      float[] part =
          logLikelihoods.apply(
              Batch.of(examples, definition.conditions(), IntStream.range(from, to).toArray()));
      checkNumbers(part, from, size);
      System.arraycopy(part, 0, values, from * size, part.length);
    }
    return new Scores(definition.image(), values);
  }

  private static void requireArray(ImageSpec image, int count) {
    long values = (long) count * image.values();
    if (values > MOST_VALUES) {
      throw new IllegalArgumentException(
          Count.of(count, "image")
              + " of "
              + image
              + " have "
              + values
              + " values, each with a log-likelihood; expected at most "
              + MOST_VALUES
              + ". Score them in parts");
    }
  }

  private static void checkNumbers(float[] logs, int first, int size) {
    for (int i = 0; i < logs.length; i++) {
      if (!Float.isFinite(logs[i])) {
        throw new ArithmeticException(
            "the log-likelihood of example "
                + (first + i / size)
                + " is not finite, found "
                + logs[i]
                + "; the weights are not usable (did training diverge?)");
      }
    }
  }

  private <T> T run(Weights weights, Function<Scoring, T> call) {
    lock.readLock().lock();
    try {
      return call.apply(ready(weights));
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Has the program compiled and the weights in it; enters and leaves with the read lock held. */
  private Scoring ready(Weights weights) {
    while (!holds(weights)) {
      lock.readLock().unlock();
      lock.writeLock().lock();
      try {
        if (!holds(weights)) {
          take(weights);
        }
      } finally {
        lock.readLock().lock();
        lock.writeLock().unlock();
      }
    }
    return program.orElseThrow();
  }

  private boolean holds(Weights weights) {
    return used.filter(w -> w == weights).isPresent();
  }

  private void take(Weights weights) {
    // Should this fail half way, the program holds something of both and may not score.
    used = Optional.empty();
    if (program.isEmpty()) {
      program = Optional.of(engine.scoring(definition, orders, weights));
    } else {
      program.orElseThrow().use(weights);
    }
    used = Optional.of(weights);
  }

  /** Frees what was compiled, when nobody scores any more. */
  @Override
  public void close() {
    program.ifPresent(Scoring::close);
  }
}
