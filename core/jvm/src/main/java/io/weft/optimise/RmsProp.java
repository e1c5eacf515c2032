package io.weft.optimise;

import java.util.List;
import java.util.Objects;

/**
 * RMSProp (Tieleman and Hinton 2012, lecture 6.5 of "Neural Networks for Machine Learning"): the
 * gradient is divided by the root of a running mean of its square. It is the optimiser of the
 * PixelRNN paper (arXiv 1601.06759).
 *
 * <p>With gradient g, all elementwise, and as PyTorch computes it:
 *
 * <pre>
 * mean square = decay * mean square + (1 - decay) * g^2
 * change = g / (root of mean square + epsilon)
 * weight = weight - rate * change
 * </pre>
 *
 * and with momentum {@code momentum * change before + change} in place of the change. The mean
 * square starts at 0 and its bias is not corrected: the first step is up to {@code 1 / root of (1 -
 * decay)} rates long. Epsilon is added to the root, not below it, so that it is a gradient's size:
 * of a root far below epsilon the step is {@code rate * g / epsilon}.
 *
 * @param rate the learning rate
 * @param decay how much of the mean square a step keeps, in [0, 1)
 * @param epsilon added to the root of the mean square; above 0
 * @param momentum how much of the change before is added to a change, in [0, 1); 0 for none
 */
public record RmsProp(RateSchedule rate, double decay, double epsilon, double momentum)
    implements Optimiser {

  /** The running mean of the squared gradient. */
  public static final String MEAN_SQUARE = "mean-square";

  /** The change before, with momentum. */
  public static final String CHANGE = "change";

  /** Checks the numbers. */
  public RmsProp {
    Objects.requireNonNull(rate, "rate");
    if (!(Decay.isOne(decay) && Decay.isOne(momentum) && Decay.isEpsilon(epsilon))) {
      throw new IllegalArgumentException(
          "RMSProp takes a decay and a momentum in [0, 1), below 1 in float32 too, and a finite"
              + " epsilon above 0, found "
              + decay
              + ", "
              + momentum
              + ", "
              + epsilon);
    }
  }

  /** Returns RMSProp with the lecture's decay of 0.9, epsilon 1e-8 and no momentum. */
  public static RmsProp withRate(double rate) {
    return withRate(RateSchedule.constant(rate));
  }

  /** Returns RMSProp with the lecture's decay of 0.9, epsilon 1e-8 and no momentum. */
  public static RmsProp withRate(RateSchedule rate) {
    return new RmsProp(rate, 0.9, 1e-8, 0);
  }

  /** Returns the same with another decay; PyTorch's is 0.99 unless told otherwise. */
  public RmsProp withDecay(double share) {
    return new RmsProp(rate, share, epsilon, momentum);
  }

  /** Returns the same with momentum. */
  public RmsProp withMomentum(double share) {
    return new RmsProp(rate, decay, epsilon, share);
  }

  @Override
  public List<String> slots() {
    return momentum > 0 ? List.of(MEAN_SQUARE, CHANGE) : List.of(MEAN_SQUARE);
  }

  @Override
  public <R> R match(Cases<R> cases) {
    return cases.rmsProp(this);
  }
}
