package io.weft.weight;

import java.util.OptionalDouble;

/**
 * What the steps of a training run have found, in bits per dimension.
 *
 * @param first what the first step of the run found, before it changed a weight
 * @param bits the sum over the latest steps: those since the last validation or, in a run without
 *     validation, since the last epoch began
 * @param steps how many these are
 */
public record RunLoss(OptionalDouble first, double bits, long steps) {

  /** The loss of a run that has not taken a step. */
  public static final RunLoss NONE = new RunLoss(OptionalDouble.empty(), 0, 0);

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is not finite, or there is a sum of no steps
   */
  public RunLoss {
    if (!Double.isFinite(first.orElse(0)) || !Double.isFinite(bits) || steps < 0) {
      throw new IllegalArgumentException(
          "the loss of a run is finite, of 0 or more steps; found first "
              + first
              + ", sum "
              + bits
              + " of "
              + steps
              + " steps");
    }
  }

  /** Returns the loss after one more step. */
  public RunLoss plus(double found) {
    return new RunLoss(OptionalDouble.of(first.orElse(found)), bits + found, steps + 1);
  }

  /** Returns the loss before the first of other steps. */
  public RunLoss anew() {
    return new RunLoss(first, 0, 0);
  }

  /** Returns the mean over the latest steps; empty where there are none. */
  public OptionalDouble mean() {
    return steps == 0 ? OptionalDouble.empty() : OptionalDouble.of(bits / steps);
  }

  /**
   * Checks that this can be the loss of a run that began at {@code runStart} and is at {@code
   * step}.
   *
   * @throws IllegalArgumentException if it cannot
   */
  public void checkSteps(long runStart, long step) {
    if (runStart < 0 || step < runStart || steps > step - runStart) {
      throw new IllegalArgumentException(
          "a training state has a step from 0, in a run that began there or before; found step "
              + step
              + " of a run from "
              + runStart
              + ", and the loss of "
              + steps
              + " steps");
    }
  }
}
