package io.weft.train;

import java.util.Objects;

/**
 * Adam (Kingma and Ba 2015, algorithm 1).
 *
 * @param rate the learning rate
 * @param beta1 how much of the first moment a step keeps, in [0, 1)
 * @param beta2 how much of the second moment a step keeps, in [0, 1)
 * @param epsilon added to the root of the second moment, above 0
 */
public record Adam(RateSchedule rate, double beta1, double beta2, double epsilon) {

  /** Checks the numbers. */
  public Adam {
    Objects.requireNonNull(rate, "rate");
    if (!(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1 && epsilon > 0)) {
      throw new IllegalArgumentException(
          "Adam takes betas in [0, 1) and an epsilon above 0, found "
              + beta1
              + ", "
              + beta2
              + ", "
              + epsilon);
    }
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
