package io.weft.train;

import io.weft.engine.TrainingSteps.StepInput;
import io.weft.engine.TrainingSteps.StepOutput;
import io.weft.weight.RunLoss;
import io.weft.weight.TrainingState;
import io.weft.weight.Weights;
import java.util.Optional;

/** What takes the steps of a run, one after the other, and holds what they have come to. */
interface StepRunner extends AutoCloseable {

  /**
   * A step that was computed.
   *
   * @param where what was not finite
   * @param called when the step was asked for, in nanoseconds
   * @param begun when its batch was there
   * @param done when it was run
   */
  record Taken(StepOutput output, Optional<String> where, long called, long begun, long done) {}

  /** Takes one step. Weights stay as they were if the result is not finite. */
  Taken take(StepInput input);

  /** Returns whether an interrupt ends a step soon, also the first, so that none need be left. */
  boolean heedsInterrupts();

  /** Returns the weights that the model keeps, as {@code TrainingSteps.fetchWeights} does. */
  Weights fetchWeights();

  /** Returns the state to go on from, as {@code TrainingSteps.fetchState} does. */
  TrainingState fetchState(
      long step, long runStart, long optimiserStart, RunLoss loss, boolean withAverage);

  /**
   * Checks that the caller may close this.
   *
   * @throws IllegalStateException if it is called by what this is waiting for
   */
  void checkMayClose();

  @Override
  void close();
}
