package io.weft.sample;

import io.weft.distribution.Distribution;
import io.weft.internal.step.JvmLoops;
import io.weft.internal.step.SoftmaxDraw;
import io.weft.internal.step.ValueLogits;
import io.weft.spec.ImageSpec;

/** Draws a level from a distribution's parameters. Not for use by several threads at once. */
final class ValueDraw {

  private final double temperature;
  private final ValueLogits values;
  private final SoftmaxDraw softmax;

  ValueDraw(Distribution distribution, ImageSpec image, double temperature) {
    this.temperature = temperature;
    this.values = new ValueLogits(distribution, image);
    this.softmax = new SoftmaxDraw(image.levels(), JvmLoops.best());
  }

  /**
   * Returns a level.
   *
   * @param parameters where the distribution's parameters are, from {@code offset} on
   * @param channel the colour channel
   * @param u in [0, 1)
   * @throws ArithmeticException if a parameter is not finite, or they give no distribution
   */
  int draw(float[] parameters, int offset, int channel, double u) {
    return softmax.draw(logits(parameters, offset, channel), 0, temperature, u);
  }

  private float[] logits(float[] parameters, int offset, int channel) {
    int bad = values.firstNotFinite(parameters, offset, channel);
    if (bad != ValueLogits.ALL_FINITE) {
      throw new ArithmeticException(
          "parameter " + bad + " of its distribution is " + parameters[offset + bad]);
    }
    return values.of(parameters, offset, channel);
  }

  /**
   * Returns the probability of each level at temperature 1.
   *
   * @throws ArithmeticException if a parameter is not finite, or they give no distribution
   */
  double[] probabilities(float[] parameters, int offset, int channel) {
    float[] logits = logits(parameters, offset, channel);
    double largest = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      largest = Math.max(largest, logit);
    }
    double[] probabilities = new double[logits.length];
    double sum = 0;
    for (int v = 0; v < logits.length; v++) {
      probabilities[v] = StrictMath.exp(logits[v] - largest);
      sum += probabilities[v];
    }
    if (Double.isNaN(sum)) {
      throw new ArithmeticException("the logits of its levels give no distribution");
    }
    for (int v = 0; v < logits.length; v++) {
      probabilities[v] /= sum;
    }
    return probabilities;
  }
}
