package io.weft.internal.step;

import io.weft.weight.Weights;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A step program on the JVM, where little is made ready before there are weights, and nothing is
 * closed.
 */
public final class JvmStepEngine implements StepEngine {

  private final StepProgram program;
  private final JvmLoops loops;

  /** What two threads do, whatever the weights are, once somebody has wanted to know. */
  private @Nullable TwoThreads two;

  /** Makes one of a program, in the fastest loops there are. */
  public JvmStepEngine(StepProgram program) {
    this(program, JvmLoops.best());
  }

  /** Makes one that runs in loops of one kind. */
  JvmStepEngine(StepProgram program, JvmLoops loops) {
    this.program = Objects.requireNonNull(program, "program");
    this.loops = Objects.requireNonNull(loops, "loops");
  }

  /** Returns what is run. */
  StepProgram program() {
    return program;
  }

  /** Returns the kind of loops that it runs in. */
  JvmLoops loops() {
    return loops;
  }

  /** Returns what two threads do that draw a few images together. */
  synchronized TwoThreads two() {
    if (two == null) {
      two = TwoThreads.of(program, loops.kernels());
    }
    return two;
  }

  @Override
  public JvmStepExecutor bind(Weights weights) {
    return new JvmStepExecutor(this, Objects.requireNonNull(weights, "weights"));
  }

  @Override
  public void close() {
    // Everything is on the Java heap.
  }
}
