package io.weft.optimise;

import java.util.List;
import java.util.Objects;

/**
 * Adam (Kingma and Ba 2015, algorithm 1).
 *
 * @param rate the learning rate
 * @param beta1 how much of the first moment a step keeps, in [0, 1)
 * @param beta2 how much of the second moment a step keeps, in [0, 1)
 * @param epsilon added to the root of the second moment, after the correction of its bias; above 0
 */
public record Adam(RateSchedule rate, double beta1, double beta2, double epsilon)
    implements Optimiser {

  /** The running mean of the gradient. */
  public static final String FIRST_MOMENT = "first-moment";

  /** The running mean of its square. */
  public static final String SECOND_MOMENT = "second-moment";

  /** Checks the numbers. */
  public Adam {
    Objects.requireNonNull(rate, "rate");
    if (!(Decay.isOne(beta1) && Decay.isOne(beta2) && Decay.isEpsilon(epsilon))) {
      throw new IllegalArgumentException(
          "Adam takes betas in [0, 1), below 1 in float32 too, and a finite epsilon above 0, found "
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

  /** Returns the same at other learning rates. */
  public Adam at(RateSchedule rates) {
    return new Adam(rates, beta1, beta2, epsilon);
  }

  /** Returns the same with other betas. */
  public Adam withBetas(double first, double second) {
    return new Adam(rate, first, second, epsilon);
  }

  @Override
  public List<String> slots() {
    return List.of(FIRST_MOMENT, SECOND_MOMENT);
  }

  @Override
  public <R> R match(Cases<R> cases) {
    return cases.adam(this);
  }
}
