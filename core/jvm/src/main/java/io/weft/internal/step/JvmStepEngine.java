package io.weft.internal.step;

import io.weft.weight.Weights;
import java.util.Objects;

/**
 * A step program on the JVM, where nothing is made ready before there are weights, and nothing is
 * closed.
 *
 * @param program what is run
 */
public record JvmStepEngine(StepProgram program) implements StepEngine {
  /** Checks that there is one. */
  public JvmStepEngine {
    Objects.requireNonNull(program, "program");
  }

  @Override
  public StepExecutor bind(Weights weights) {
    return JvmStepExecutor.bind(program, weights);
  }

  @Override
  public void close() {
    // Everything is on the Java heap.
  }
}
