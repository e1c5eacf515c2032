package io.weft.internal.step;

import io.weft.weight.Weights;

/**
 * A step program made ready for what runs it; weights are bound to it afterwards, those of several
 * moments at a time if need be. Safe for use by several threads.
 */
public interface StepEngine extends AutoCloseable {

  /**
   * Returns an executor for the weights of one moment.
   *
   * @throws IllegalArgumentException if the weights are of another definition
   * @throws IllegalStateException if this is closed
   */
  StepExecutor bind(Weights weights);

  /** Frees what was made ready, when no session is open any more. */
  @Override
  void close();
}
