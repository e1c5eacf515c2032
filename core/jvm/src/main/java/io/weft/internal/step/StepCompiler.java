package io.weft.internal.step;

/**
 * What makes step programs ready for TensorFlow, which runs many steps in a call, on the device of
 * one owner. The JVM needs nothing of the kind. See {@link JvmStepExecutor}.
 */
public interface StepCompiler {

  /** Returns whether the device is a graphics processor. */
  boolean isOnGpu();

  /** Returns whether a kind of loops runs on the device; found out by running one, once. */
  boolean runs(TensorFlowLoops loops);

  /** Returns the fastest kind of loops that runs on the device. */
  default TensorFlowLoops bestLoops() {
    return runs(TensorFlowLoops.XLA) ? TensorFlowLoops.XLA : TensorFlowLoops.PLAIN;
  }

  /**
   * Compiles a program.
   *
   * @param batch the most images of a session
   * @param stepsPerDraw the most steps in one call
   * @param loops the kind of loops; XLA compiles them at the first call
   * @throws IllegalStateException if these loops do not run on the device, or there is no
   *     TensorFlow; the message says what to do
   */
  StepEngine compile(StepProgram program, int batch, int stepsPerDraw, TensorFlowLoops loops);
}
