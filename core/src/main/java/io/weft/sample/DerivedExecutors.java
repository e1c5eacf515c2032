package io.weft.sample;

import io.weft.define.Definition;
import io.weft.order.GenerationOrder;
import io.weft.step.StepExecutor;
import io.weft.weight.Weights;
import java.lang.ref.WeakReference;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The executors of a model under orders that are derived from what is known of images: proven and
 * compiled when first used, and kept for the {@value #KEPT} orders that were used last. Safe for
 * use by several threads, which take turns.
 */
final class DerivedExecutors implements AutoCloseable {

  /** A model under so many orders is kept: enough for the halves of images, and for a few holes. */
  static final int KEPT = 8;

  /** The executor of the last run; the series that uses it keeps it for its next group. */
  private record Bound(
      GenerationOrder order,
      SamplingExecutor choice,
      Weights weights,
      int images,
      StreamGrain grain,
      WeakReference<StepExecutor> executor) {

    boolean serves(
        GenerationOrder otherOrder,
        SamplingExecutor otherChoice,
        Weights otherWeights,
        int otherImages,
        StreamGrain otherGrain) {
      return order.equals(otherOrder)
          && choice == otherChoice
          && weights == otherWeights
          && images == otherImages
          && grain == otherGrain;
    }
  }

  private final Function<Definition, ExecutorSource> compile;
  private final Map<GenerationOrder, ExecutorSource> kept = new LinkedHashMap<>(KEPT, 1, true);
  private @Nullable Bound last;
  private boolean closed;

  DerivedExecutors(Function<Definition, ExecutorSource> compile) {
    this.compile = compile;
  }

  /**
   * Starts a run under an order. What the order needs is not let go of meanwhile; afterwards the
   * run's open sessions keep it.
   *
   * @param definition the model under any order
   * @param start makes the run
   * @throws IllegalStateException if this is closed
   */
  synchronized SamplingRun start(
      Definition definition,
      GenerationOrder order,
      SamplingExecutor choice,
      Weights weights,
      int images,
      StreamGrain grain,
      Function<StepExecutor, SamplingRun> start) {
    if (closed) {
      throw new IllegalStateException("this model is closed; load or make another");
    }
    return start.apply(bind(definition, order, choice, weights, images, grain));
  }

  private StepExecutor bind(
      Definition definition,
      GenerationOrder order,
      SamplingExecutor choice,
      Weights weights,
      int images,
      StreamGrain grain) {
    Bound before = last;
    if (before != null && before.serves(order, choice, weights, images, grain)) {
      StepExecutor again = before.executor.get();
      if (again != null) {
        return again;
      }
    }
    ExecutorSource source =
        kept.computeIfAbsent(order, o -> compile.apply(definition.under(order)));
    forgetOldest();
    StepExecutor executor = source.bind(choice, weights, images, grain);
    last = new Bound(order, choice, weights, images, grain, new WeakReference<>(executor));
    return executor;
  }

  private void forgetOldest() {
    if (kept.size() > KEPT) {
      GenerationOrder oldest = kept.keySet().iterator().next();
      kept.remove(oldest).close();
    }
  }

  /** Returns how many orders are kept. */
  synchronized int size() {
    return kept.size();
  }

  @Override
  public synchronized void close() {
    closed = true;
    last = null;
    kept.values().forEach(ExecutorSource::close);
    kept.clear();
  }
}
