package io.weft.sample;

import io.weft.distribution.Distribution;
import io.weft.internal.step.LevelDraw;
import io.weft.internal.step.ValueLogits;
import io.weft.spec.ImageSpec;

/** Draws a level from a distribution's parameters. Not for use by several threads at once. */
final class ValueDraw {

  private final double temperature;
  private final LevelDraw levels;

  ValueDraw(Distribution distribution, ImageSpec image, double temperature) {
    this.temperature = temperature;
    this.levels = new LevelDraw(distribution, image);
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
    checkFinite(parameters, offset, channel);
    return levels.draw(parameters, offset, channel, temperature, u);
  }

  private void checkFinite(float[] parameters, int offset, int channel) {
    int bad = levels.values().firstNotFinite(parameters, offset, channel);
    if (bad != ValueLogits.ALL_FINITE) {
      throw new ArithmeticException(
          "parameter " + bad + " of its distribution is " + parameters[offset + bad]);
    }
  }

  /**
   * Returns the probability of each level at temperature 1.
   *
   * @throws ArithmeticException if a parameter is not finite, or they give no distribution
   */
  double[] probabilities(float[] parameters, int offset, int channel) {
    checkFinite(parameters, offset, channel);
    float[] logits = levels.values().of(parameters, offset, channel);
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
