package io.weft.score;

import io.weft.data.Examples;
import io.weft.define.Definition;
import io.weft.engine.Batch;
import io.weft.engine.Engine;
import io.weft.engine.Scoring;
import io.weft.memory.MemoryNeed;
import io.weft.order.GenerationOrder;
import io.weft.thread.Aside;
import io.weft.weight.Weights;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Scores examples under a model's newest weights. Compiles at first use. Threads may share one:
 * they score side by side, except while new weights are taken over.
 */
public final class Scorer implements AutoCloseable {

  /** So many images are scored at once, fewer where the machine has no memory for them. */
  private static final int BATCH = 32;

  private final Definition definition;
  private final List<GenerationOrder> orders;
  private final Supplier<Weights> weights;
  private final Engine engine;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private Optional<Scoring> program = Optional.empty();
  private Optional<Weights> used = Optional.empty();
  private volatile boolean closed;

  /** Makes a scorer under the definition's order that asks {@code weights} before every call. */
  public Scorer(Definition definition, Supplier<Weights> weights, Engine engine) {
    this(definition, List.of(definition.order()), weights, engine);
  }

  /**
   * Makes a scorer under several orders that asks {@code weights} before every call. One compiled
   * program serves all.
   *
   * @param orders at least one
   * @throws io.weft.layer.DefinitionException if the definition is not causal under one of them
   */
  public Scorer(
      Definition definition,
      List<GenerationOrder> orders,
      Supplier<Weights> weights,
      Engine engine) {
    if (orders.isEmpty()) {
      throw new IllegalArgumentException("scoring needs at least one generation order");
    }
    this.orders = List.copyOf(orders);
    this.orders.stream()
        .filter(order -> !definition.orders().contains(order))
        .forEach(definition::under);
    this.definition = definition;
    this.weights = weights;
    this.engine = engine;
  }

  /**
   * Returns the log-likelihoods of examples.
   *
   * @throws IllegalArgumentException if the examples do not fit the model
   * @throws IllegalStateException if this is closed
   * @throws ArithmeticException if a log-likelihood is not finite; the message names the example
   */
  public Scores score(Examples examples) {
    return score(examples, 0);
  }

  /**
   * Returns the log-likelihoods of examples under all orders of this scorer, one after the other.
   *
   * @throws IllegalArgumentException if the examples do not fit the model
   * @throws IllegalStateException if this is closed
   * @throws ArithmeticException if a log-likelihood is not finite; the message names the example
   */
  public EnsembleScores scoreAll(Examples examples) {
    return new EnsembleScores(
        orders,
        IntStream.range(0, orders.size()).mapToObj(order -> score(examples, order)).toList());
  }

  /**
   * Returns the log-likelihoods of examples under one of the orders of this scorer.
   *
   * @param order the order's number
   * @throws IllegalArgumentException if the examples do not fit the model
   * @throws IllegalStateException if this is closed
   * @throws CancellationException if the thread is interrupted
   * @throws ArithmeticException if a log-likelihood is not finite; the message names the example
   */
  public Scores score(Examples examples, int order) {
    Objects.requireNonNull(examples, "examples");
    Objects.checkIndex(order, orders.size());
    examples.check(definition.image(), definition.conditions());
    int size = definition.image().values();
    float[] values = new float[Math.multiplyExact(examples.size(), size)];
    Weights current = weights.get();
    int most = MemoryNeed.ofScoring(definition).atMost(BATCH);
    // Compiles, and fails where it must, before conditions are asked for.
    Aside.orLeave(() -> run(current, program -> true), ready -> {});
    for (int from = 0; from < examples.size(); from += most) {
      checkOpen();
      int to = Math.min(from + most, examples.size());
      // Conditions are the caller's code, for its own thread.
      Batch batch =
          Batch.of(examples, definition.conditions(), IntStream.range(from, to).toArray());
      float[] part = Aside.orLeave(() -> logLikelihoods(current, order, batch), found -> {});
      checkNumbers(part, from, size);
      System.arraycopy(part, 0, values, from * size, part.length);
    }
    return new Scores(definition.image(), values);
  }

  private float[] logLikelihoods(Weights current, int order, Batch batch) {
    return run(current, program -> program.logLikelihoods(batch, order));
  }

  private <T> T run(Weights current, Function<Scoring, T> call) {
    lock.readLock().lock();
    try {
      return call.apply(ready(current));
    } finally {
      lock.readLock().unlock();
      freeIfClosed();
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

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("this model is closed; load or make another");
    }
  }

  /** Has the program compiled and the weights in it; enters and leaves with the read lock held. */
  private Scoring ready(Weights current) {
    while (closed || !holds(current)) {
      lock.readLock().unlock();
      lock.writeLock().lock();
      try {
        checkOpen();
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
      program = Optional.of(engine.scoring(definition, orders, current));
    } else {
      program.orElseThrow().use(current);
    }
    used = Optional.of(current);
  }

  /**
   * Ends scoring that is under way on other threads, each with {@link IllegalStateException} after
   * the batch in hand; with the last one the program is freed.
   */
  @Override
  public void close() {
    closed = true;
    freeIfClosed();
  }

  private void freeIfClosed() {
    if (closed && lock.writeLock().tryLock()) {
      try {
        program.ifPresent(Scoring::close);
        program = Optional.empty();
        used = Optional.empty();
      } finally {
        lock.writeLock().unlock();
      }
    }
  }
}
