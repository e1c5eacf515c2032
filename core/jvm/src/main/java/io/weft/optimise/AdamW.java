package io.weft.optimise;

import java.util.List;
import java.util.Objects;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2): a step first shrinks
 * each weight by {@code rate * decay} of itself, and then is Adam's, of whose moments the decay is
 * no part. As PyTorch computes it, the decay follows the learning rate, schedule included. Biases
 * are spared.
 *
 * <p>This is not {@code TrainingOptions.Builder.weightDecay}, which adds the weights' square sum to
 * the loss, and so to what Adam divides by the root of its second moment.
 *
 * @param adam Adam, with the learning rate
 * @param decay how much of a weight a step at rate 1 would take away, at least 0; 0.01 is usual
 */
public record AdamW(Adam adam, double decay) implements Optimiser {

  /** The decay, unless said otherwise. */
  public static final double DECAY = 0.01;

  /** Checks the decay. */
  public AdamW {
    Objects.requireNonNull(adam, "adam");
    if (!(decay >= 0 && Double.isFinite(decay))) {
      throw new IllegalArgumentException(
          "AdamW takes a weight decay of at least 0, found " + decay);
    }
  }

  /** Returns AdamW with betas 0.9 and 0.999, epsilon 1e-8 and a decay of 0.01. */
  public static AdamW withRate(double rate) {
    return withRate(RateSchedule.constant(rate));
  }

  /** Returns AdamW with betas 0.9 and 0.999, epsilon 1e-8 and a decay of 0.01. */
  public static AdamW withRate(RateSchedule rate) {
    return new AdamW(Adam.withRate(rate), DECAY);
  }

  /** Returns the same with other betas. */
  public AdamW withBetas(double first, double second) {
    return new AdamW(adam.withBetas(first, second), decay);
  }

  /** Returns the same with another decay, at least 0. */
  public AdamW withDecay(double factor) {
    return new AdamW(adam, factor);
  }

  @Override
  public RateSchedule rate() {
    return adam.rate();
  }

  @Override
  public List<String> slots() {
    return adam.slots();
  }

  @Override
  public <R> R match(Cases<R> cases) {
    return cases.adamW(this);
  }
}
