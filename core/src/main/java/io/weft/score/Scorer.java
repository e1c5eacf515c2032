package io.weft.score;

import io.weft.data.Examples;
import io.weft.define.Definition;
import io.weft.tensorflow.Device;
import io.weft.tensorflow.ScoringProgram;
import io.weft.weight.Weights;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Scores examples under a model's newest weights. Compiles at first use. Threads may share one:
 * they score side by side, except while new weights are taken over.
 */
public final class Scorer implements AutoCloseable {

  private static final int BATCH = 32;

  private final Definition definition;
  private final Supplier<Weights> weights;
  private final Device device;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private Optional<ScoringProgram> program = Optional.empty();
  private Optional<Weights> used = Optional.empty();
  private boolean closed;

  /** Makes a scorer that asks {@code weights} before every call. */
  public Scorer(Definition definition, Supplier<Weights> weights, Device device) {
    this.definition = definition;
    this.weights = weights;
    this.device = device;
  }

  /**
   * Returns the log-likelihoods of examples.
   *
   * @throws IllegalArgumentException if the examples do not fit the model
   * @throws IllegalStateException if this is closed
   */
  public Scores score(Examples examples) {
    examples.check(definition.image(), definition.conditions());
    int size = definition.image().values();
    float[] values = new float[Math.multiplyExact(examples.size(), size)];
    Weights current = weights.get();
    lock.readLock().lock();
    try {
      ScoringProgram ready = ready(current);
      for (int from = 0; from < examples.size(); from += BATCH) {
        int to = Math.min(from + BATCH, examples.size());
        float[] part = ready.nats(examples, IntStream.range(from, to).toArray());
        System.arraycopy(part, 0, values, from * size, part.length);
      }
    } finally {
      lock.readLock().unlock();
    }
    return new Scores(definition.image(), values);
  }

  /** Has the program compiled and the weights in it; enters and leaves with the read lock held. */
  private ScoringProgram ready(Weights current) {
    while (closed || !holds(current)) {
      lock.readLock().unlock();
      lock.writeLock().lock();
      try {
        if (closed) {
          throw new IllegalStateException("this model is closed; load or make another");
        }
        if (!holds(current)) {
          take(current);
        }
      } finally {
        lock.readLock().lock();
        lock.writeLock().unlock();
      }
    }
    return program.orElseThrow();
  }

  private boolean holds(Weights current) {
    return used.filter(w -> w == current).isPresent();
  }

  private void take(Weights current) {
    // Should this fail half way, the program holds something of both and may not score.
    used = Optional.empty();
    if (program.isEmpty()) {
      program = Optional.of(ScoringProgram.of(definition, current, device));
    } else {
      program.orElseThrow().use(current);
    }
    used = Optional.of(current);
  }

  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      closed = true;
      program.ifPresent(ScoringProgram::close);
      program = Optional.empty();
    } finally {
      lock.writeLock().unlock();
    }
  }
}
