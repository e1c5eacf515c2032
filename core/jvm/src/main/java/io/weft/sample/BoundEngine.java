package io.weft.sample;

import io.weft.internal.step.StepEngine;
import io.weft.internal.step.StepExecutor;
import io.weft.weight.Weights;
import org.jspecify.annotations.Nullable;

/** An engine, and its executor for the weights that were asked for last. */
final class BoundEngine implements AutoCloseable {

  private final StepEngine engine;
  private @Nullable Weights weights;
  private @Nullable StepExecutor executor;

  BoundEngine(StepEngine engine) {
    this.engine = engine;
  }

  /** Returns the executor for some weights, which are meant by identity. */
  synchronized StepExecutor to(Weights wanted) {
    StepExecutor last = executor;
    if (last == null || weights != wanted) {
      last = engine.bind(wanted);
      executor = last;
      weights = wanted;
    }
    return last;
  }

  @Override
  public void close() {
    engine.close();
  }
}
