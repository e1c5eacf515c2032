package io.weft.internal.step;

import io.weft.distribution.Distribution.LogisticMixture;
import io.weft.expression.Unary;
import io.weft.spec.ImageSpec;

/**
 * The components of a discretised logistic mixture for one colour value, as they are under the
 * earlier values of its pixel (Salimans et al. 2017, section 2.2). Not for use by several threads
 * at once.
 */
final class MixtureComponents {

  private final LogisticMixture mixture;
  private final int levels;

  /** How many there are. */
  final int count;

  /** The upper bound of each level but the last. */
  final float[] bounds;

  /** The logarithm of each weight, up to a summand that all share. */
  final double[] weights;

  final float[] means;

  /** What a distance from the mean is multiplied by: the scales' reciprocals. */
  final double[] sharpness;

  MixtureComponents(LogisticMixture mixture, ImageSpec image) {
    this.mixture = mixture;
    this.levels = image.levels();
    this.count = mixture.components();
    bounds = new float[levels - 1];
    for (int v = 0; v < bounds.length; v++) {
      bounds[v] = (2f * v + 1) / (levels - 1) - 1;
    }
    weights = new double[count];
    means = new float[count];
    sharpness = new double[count];
  }

  /** Takes over what a network says of a value, as {@link LevelLogits#write} has it. */
  void read(float[] parameters, int offset, int channel) {
    int values = offset + mixture.firstMap(channel + 1);
    for (int k = 0; k < count; k++) {
      double weight = parameters[offset + k];
      for (int c = 0; c < channel; c++) {
        weight += earlier(parameters, offset, values, c, k);
      }
      weights[k] = weight;
      means[k] = (float) mean(parameters, offset, values, channel, k);
      sharpness[k] = sharpness(parameters, offset, channel, k);
    }
  }

  /** The mean under the earlier values of the pixel, which are found from {@code values} on. */
  private double mean(float[] parameters, int offset, int values, int channel, int k) {
    int first = offset + mixture.firstMap(channel);
    double mean = parameters[first + k];
    for (int c = 0; c < channel; c++) {
      float coefficient = parameters[first + (2 + c) * count + k];
      mean += StrictMath.tanh(coefficient) * parameters[values + c];
    }
    return mean;
  }

  private double sharpness(float[] parameters, int offset, int channel, int k) {
    float given = parameters[offset + mixture.firstMap(channel) + count + k];
    double logScale =
        Math.max(
            LogisticMixture.LEAST_LOG_SCALE, Math.min(LogisticMixture.LARGEST_LOG_SCALE, given));
    return StrictMath.exp(-logScale);
  }

  /** The log mass of the value that an earlier channel has. */
  private double earlier(float[] parameters, int offset, int values, int channel, int k) {
    int level = Math.round((parameters[values + channel] + 1) / 2 * (levels - 1));
    double mean = mean(parameters, offset, values, channel, k);
    double sharpness = sharpness(parameters, offset, channel, k);
    double log = 0;
    if (level < levels - 1) {
      log -= Unary.SOFTPLUS.apply((mean - bounds[level]) * sharpness);
    }
    if (level > 0) {
      log -= Unary.SOFTPLUS.apply((bounds[level - 1] - mean) * sharpness);
    }
    return level > 0 && level < levels - 1 ? log + logWithin(sharpness) : log;
  }

  /** The logarithm of 1 - e^-w, w being the width of a level in units of the scale. */
  double logWithin(double sharpness) {
    return StrictMath.log(-StrictMath.expm1(-2.0 / (levels - 1) * sharpness));
  }
}
