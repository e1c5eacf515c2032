package io.weft.sample;

import io.weft.define.Definition;
import io.weft.order.GenerationOrder;
import io.weft.step.StepExecutor;
import io.weft.thread.Turns;
import io.weft.weight.Weights;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * The executors of a model under orders that are derived from what is known of images: proven and
 * compiled when first used, and kept for the {@value #KEPT} orders that were used last. Safe for
 * use by several threads, which take turns.
 */
final class DerivedExecutors implements AutoCloseable {

  /** A model under so many orders is kept: enough for the halves of images, and for a few holes. */
  static final int KEPT = 8;

  /** An order, and how many pixels at its beginning are known. */
  private record Key(GenerationOrder order, int known) {}

  private final BiFunction<Definition, Integer, ExecutorSource> compile;
  private final Map<Key, ExecutorSource> kept = new LinkedHashMap<>(KEPT, 1, true);
  private final Turns turns = new Turns(this::free);

  /**
   * Makes the executors.
   *
   * @param compile gives those of a definition, and of a number of known pixels at the beginning of
   *     its order
   */
  DerivedExecutors(BiFunction<Definition, Integer, ExecutorSource> compile) {
    this.compile = compile;
  }

  /**
   * Starts a run under an order. What the order needs is not let go of meanwhile; afterwards the
   * run's open sessions keep it.
   *
   * @param definition the model under any order
   * @param known how many pixels at the beginning of the order are known
   * @param start makes the run
   * @throws IllegalStateException if this is closed
   */
  SamplingRun start(
      Definition definition,
      GenerationOrder order,
      int known,
      SamplingExecutor choice,
      Weights weights,
      SeriesSize size,
      Function<StepExecutor, SamplingRun> start) {
    return turns.take(() -> source(definition, order, known).start(choice, weights, size, start));
  }

  private ExecutorSource source(Definition definition, GenerationOrder order, int known) {
    if (turns.isClosed()) {
      throw new IllegalStateException("this model is closed; load or make another");
    }
    ExecutorSource source =
        kept.computeIfAbsent(
            new Key(order, known), key -> compile.apply(definition.under(order), known));
    forgetOldest();
    return source;
  }

  private void forgetOldest() {
    if (kept.size() > KEPT) {
      Key oldest = kept.keySet().iterator().next();
      kept.remove(oldest).close();
    }
  }

  /** Returns how many orders are kept. */
  int size() {
    return turns.take(kept::size);
  }

  @Override
  public void close() {
    turns.close();
  }

  private void free() {
    kept.values().forEach(ExecutorSource::close);
    kept.clear();
  }
}
