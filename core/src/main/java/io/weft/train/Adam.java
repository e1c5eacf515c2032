package io.weft.train;

import java.util.Objects;

/**
 * Adam (Kingma and Ba 2015, algorithm 1).
 *
 * @param rate the learning rate
 * @param beta1 how much of the first moment a step keeps, in [0, 1)
 * @param beta2 how much of the second moment a step keeps, in [0, 1)
 * @param epsilon added to the root of the second moment, after the correction of its bias; above 0
 */
public record Adam(RateSchedule rate, double beta1, double beta2, double epsilon) {

  /** Checks the numbers. */
  public Adam {
    Objects.requireNonNull(rate, "rate");
    if (!(isDecay(beta1) && isDecay(beta2) && epsilon > 0 && Double.isFinite(epsilon))) {
      throw new IllegalArgumentException(
          "Adam takes betas in [0, 1), below 1 in float32 too, and a finite epsilon above 0, found "
              + beta1
              + ", "
              + beta2
              + ", "
              + epsilon);
    }
  }

  /** Steps compute in float32: what it rounds to 1 would keep all and learn nothing. */
  private static boolean isDecay(double beta) {
    return beta >= 0 && (float) beta < 1;
  }

  /** Returns Adam with betas 0.9 and 0.999 and epsilon 1e-8. */
  public static Adam withRate(double rate) {
    return withRate(RateSchedule.constant(rate));
  }

  /** Returns Adam with betas 0.9 and 0.999 and epsilon 1e-8. */
  public static Adam withRate(RateSchedule rate) {
    return new Adam(rate, 0.9, 0.999, 1e-8);
  }

  /** Returns the same with other betas. */
  public Adam withBetas(double first, double second) {
    return new Adam(rate, first, second, epsilon);
  }
}
