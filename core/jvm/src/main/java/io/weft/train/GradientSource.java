package io.weft.train;

import io.weft.engine.Gradient;
import io.weft.internal.Seam;

/**
 * Where the gradients of a training in micro-batches come from. What it gives is a function of the
 * {@linkplain GradientWork work}, the step and the weights alone, to the bit: the sum over the
 * step's micro-batches, of which each is computed on one thread, in the order of {@link
 * GradientTree}. Who computes them, where, how often and in which order makes no difference.
 *
 * <p>For one thread at a time, but for closing.
 */
@Seam
public interface GradientSource extends AutoCloseable {

  /**
   * One step.
   *
   * @param number the step's number in its run, from 0
   * @param before the steps that the model had before, in all its runs
   * @param order the number of the step's generation order among those of the definition
   */
  record Step(long number, long before, int order) {}

  /** Opens a source for a training. */
  @FunctionalInterface
  interface Provider {
    /** Returns a source, which the training closes. */
    GradientSource open(GradientWork work);
  }

  /**
   * What came of a step.
   *
   * @param sum of its micro-batches, which nobody else holds
   * @param inputReady when all that the step needed was there, by {@link System#nanoTime}
   */
  record Found(Gradient sum, long inputReady) {}

  /**
   * Returns the sum over the micro-batches of a step.
   *
   * @param weights in the layout of the definition's parameters; not kept
   */
  Found gradient(Step step, float[] weights);

  /**
   * Returns whether an interrupt of the caller ends a step soon, wherever it is. The first step of
   * another source is taken on a thread of its own, which an interrupt leaves behind.
   */
  default boolean heedsInterrupts() {
    return false;
  }

  /**
   * Says where a step that was not finite went wrong: the first micro-batch by number, and of it
   * the first layer whose value is not finite, else the last parameter whose gradient is not.
   */
  String diagnose(Step step, float[] weights);

  /**
   * Checks that the caller may close this.
   *
   * @throws IllegalStateException if it is called by what this is waiting for
   */
  default void checkMayClose() {}

  @Override
  void close();
}
