package io.weft.sample;

import io.weft.distribution.Distribution;
import io.weft.distribution.ValueDistribution;
import io.weft.internal.step.JvmLoops;
import io.weft.internal.step.LevelLogits;
import io.weft.internal.step.SoftmaxDraw;
import io.weft.spec.ImageSpec;
import java.util.stream.IntStream;

/** Draws a level from a distribution's parameters. Not for use by several threads at once. */
final class ValueDraw {

  private final double temperature;
  private final int[] parametersOfChannels;
  private final LevelLogits distribution;
  private final SoftmaxDraw softmax;
  private final float[] logits;

  ValueDraw(Distribution distribution, ImageSpec image, double temperature) {
    this.temperature = temperature;
    this.parametersOfChannels =
        IntStream.range(0, image.channels())
            .map(c -> ValueDistribution.of(distribution, image, c).parameters())
            .toArray();
    this.distribution = LevelLogits.of(distribution, image, JvmLoops.best());
    this.softmax = new SoftmaxDraw(image.levels(), JvmLoops.best());
    this.logits = new float[image.levels()];
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
    check(parameters, offset, channel);
    distribution.write(parameters, offset, channel, logits);
    return softmax.draw(logits, 0, temperature, u);
  }

  /** A distribution may swallow what is no number, as it clips its scales: so none gets there. */
  private void check(float[] parameters, int offset, int channel) {
    for (int i = 0; i < parametersOfChannels[channel]; i++) {
      if (!Float.isFinite(parameters[offset + i])) {
        throw new ArithmeticException(
            "parameter " + i + " of its distribution is " + parameters[offset + i]);
      }
    }
  }

  /**
   * Returns the probability of each level at temperature 1.
   *
   * @throws ArithmeticException if a parameter is not finite, or they give no distribution
   */
  double[] probabilities(float[] parameters, int offset, int channel) {
    check(parameters, offset, channel);
    distribution.write(parameters, offset, channel, logits);
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
