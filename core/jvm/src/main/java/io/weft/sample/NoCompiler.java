package io.weft.sample;

import io.weft.internal.step.StepCompiler;
import io.weft.internal.step.StepEngine;
import io.weft.internal.step.StepProgram;
import io.weft.internal.step.TensorFlowLoops;

/** Stands in for TensorFlow where there is no model that would close what that compiles. */
final class NoCompiler implements StepCompiler {

  @Override
  public boolean isOnGpu() {
    return false;
  }

  @Override
  public boolean runs(TensorFlowLoops loops) {
    return false;
  }

  @Override
  public StepEngine compile(
      StepProgram program, int batch, int stepsPerDraw, TensorFlowLoops loops) {
    throw new IllegalStateException(
        "this sampler runs on the JVM only; for TensorFlow, whose compiled program the model"
            + " closes, use Model.sampler(seed)");
  }
}
