package io.weft.internal.tensorflow;

import io.weft.internal.step.DrawingSession;
import io.weft.internal.step.StepExecutor;
import io.weft.internal.step.StepProgram;

/**
 * Runs a step program on TensorFlow, many steps in a call. An image is the same whatever the batch,
 * the threads and the steps in a call, but for what rounding decides: TensorFlow may add numbers in
 * another order at another batch size, which moves a value only where its uniform number lies
 * within about 1e-6 of a step of the cumulative distribution.
 */
public final class TensorFlowStepExecutor implements StepExecutor {

  private final TensorFlowStepProgram compiled;
  private final float[] weights;

  TensorFlowStepExecutor(TensorFlowStepProgram compiled, float[] weights) {
    this.compiled = compiled;
    this.weights = weights;
  }

  @Override
  public StepProgram program() {
    return compiled.program();
  }

  @Override
  public int imagesPerSession() {
    return compiled.batch();
  }

  /**
   * Opens a session.
   *
   * @throws IllegalArgumentException if there are more images than the program is compiled for
   * @throws IllegalStateException if the compiled program is closed
   */
  @Override
  public DrawingSession open(int images) {
    if (images < 1 || images > compiled.batch()) {
      throw new IllegalArgumentException(
          "a session of this program has 1 to " + compiled.batch() + " images, found " + images);
    }
    return new TensorFlowStepSession(compiled, weights, images);
  }
}
