package io.weft.engine;

import io.weft.internal.Seam;
import java.util.Arrays;
import java.util.Objects;

/**
 * What one or more micro-batches add to a step: their share of the loss, of its gradient and of
 * what becomes of statistics. All are sums, so that those of a whole batch are sums of these.
 */
@Seam
public final class Gradient {

  private final double nats;
  private final float[] values;

  /**
   * Takes over the array.
   *
   * @param nats their part of the mean negative log-likelihood of a colour value of the batch
   * @param values in the layout of the weights: their part of the gradient of that mean, and, where
   *     a layer keeps a statistic, of its change
   */
  public Gradient(double nats, float[] values) {
    this.nats = nats;
    this.values = Objects.requireNonNull(values, "values");
  }

  /** Returns the part of the mean negative log-likelihood. */
  public double nats() {
    return nats;
  }

  /** Returns the numbers, in the layout of the weights. Not a copy. */
  public float[] values() {
    return values;
  }

  /** Returns these for some of the weights, from {@code from} on and before {@code to}. */
  public Gradient part(int from, int to) {
    return new Gradient(nats, Arrays.copyOfRange(values, from, to));
  }

  /**
   * Returns the sum of this and another, in float32. It takes over the array of this, which is no
   * more; a new array of millions of numbers would take longer than adding them.
   */
  public Gradient plus(Gradient other) {
    for (int i = 0; i < values.length; i++) {
      values[i] += other.values[i];
    }
    return new Gradient(nats + other.nats, values);
  }
}
