package io.weft.sample;

import io.weft.step.JvmStepExecutor;
import io.weft.step.StepExecutor;
import io.weft.step.StepProgram;
import io.weft.weight.Weights;
import org.jspecify.annotations.Nullable;

/** The JVM's executor of a program with the weights that were asked for last. */
final class JvmBinding {

  private final StepProgram program;
  private @Nullable Weights weights;
  private @Nullable StepExecutor executor;

  JvmBinding(StepProgram program) {
    this.program = program;
  }

  /** Returns the executor for some weights, which are meant by identity. */
  synchronized StepExecutor of(Weights wanted) {
    StepExecutor last = executor;
    if (last == null || weights != wanted) {
      last = JvmStepExecutor.bind(program, wanted);
      executor = last;
      weights = wanted;
    }
    return last;
  }
}
