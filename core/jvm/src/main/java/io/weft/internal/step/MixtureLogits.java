package io.weft.internal.step;

import io.weft.distribution.Distribution.LogisticMixture;
import io.weft.expression.Unary;
import io.weft.spec.ImageSpec;

/**
 * The logarithms of the masses of a discretised logistic mixture.
 *
 * <p>A logistic has between z and z + w the mass sigmoid(z + w) sigmoid(-z) (1 - e^-w): a product,
 * whose logarithm is exact in both tails, where the difference of two sigmoids is not.
 */
final class MixtureLogits implements LevelLogits {

  private final LogisticMixture mixture;
  private final int components;
  private final int levels;
  private final Kernels kernels;

  /** The upper bound of each level but the last. */
  private final float[] bounds;

  /** For each component what the earlier channels and its own logit say for it. */
  private final double[] weights;

  // All [component, bound], then [component, level]: one call of a kernel each.
  private final float[] z;
  private final float[] softplus;
  private final float[] masses;
  private final float[] largest;
  private final float[] sums;

  MixtureLogits(LogisticMixture mixture, ImageSpec image, Kernels kernels) {
    this.mixture = mixture;
    this.components = mixture.components();
    this.levels = image.levels();
    this.kernels = kernels;
    bounds = new float[levels - 1];
    for (int v = 0; v < bounds.length; v++) {
      bounds[v] = (2f * v + 1) / (levels - 1) - 1;
    }
    weights = new double[components];
    z = new float[components * bounds.length + Kernels.MARGIN];
    softplus = new float[z.length];
    masses = new float[components * levels + Kernels.MARGIN];
    largest = new float[levels];
    sums = new float[levels + Kernels.MARGIN];
  }

  @Override
  public void write(float[] parameters, int offset, int channel, float[] logits) {
    int values = offset + mixture.firstMap(channel + 1);
    for (int k = 0; k < components; k++) {
      double weight = parameters[offset + k];
      for (int c = 0; c < channel; c++) {
        weight += earlier(parameters, offset, values, c, k);
      }
      weights[k] = weight;
    }
    for (int k = 0; k < components; k++) {
      standardise(
          (float) mean(parameters, offset, values, channel, k),
          (float) StrictMath.exp(-logScale(parameters, offset, channel, k)),
          k * bounds.length);
    }
    kernels.unary(Unary.SOFTPLUS, z, softplus, components * bounds.length);
    for (int k = 0; k < components; k++) {
      double within = logWithin(logScale(parameters, offset, channel, k));
      component(k, (float) weights[k], (float) within);
    }
    logSumExp(logits);
  }

  private double logScale(float[] parameters, int offset, int channel, int k) {
    float given = parameters[offset + mixture.firstMap(channel) + components + k];
    return Math.max(
        LogisticMixture.LEAST_LOG_SCALE, Math.min(LogisticMixture.LARGEST_LOG_SCALE, given));
  }

  /** The mean under the earlier values of the pixel, which are found from {@code values} on. */
  private double mean(float[] parameters, int offset, int values, int channel, int k) {
    int first = offset + mixture.firstMap(channel);
    double mean = parameters[first + k];
    for (int c = 0; c < channel; c++) {
      float coefficient = parameters[first + (2 + c) * components + k];
      mean += StrictMath.tanh(coefficient) * parameters[values + c];
    }
    return mean;
  }

  /** The logarithm of 1 - e^-w, w being the width of a level: in units of the scale. */
  private double logWithin(double logScale) {
    return StrictMath.log(-StrictMath.expm1(-2.0 / (levels - 1) * StrictMath.exp(-logScale)));
  }

  /** The log mass of the value that an earlier channel has. */
  private double earlier(float[] parameters, int offset, int values, int channel, int k) {
    int level = Math.round((parameters[values + channel] + 1) / 2 * (levels - 1));
    double mean = mean(parameters, offset, values, channel, k);
    double logScale = logScale(parameters, offset, channel, k);
    double sharpness = StrictMath.exp(-logScale);
    double log = 0;
    if (level < levels - 1) {
      log -= Unary.SOFTPLUS.apply((mean - bounds[level]) * sharpness);
    }
    if (level > 0) {
      log -= Unary.SOFTPLUS.apply((bounds[level - 1] - mean) * sharpness);
    }
    return level > 0 && level < levels - 1 ? log + logWithin(logScale) : log;
  }

  private void standardise(float mean, float sharpness, int at) {
    for (int v = 0; v < bounds.length; v++) {
      z[at + v] = (bounds[v] - mean) * sharpness;
    }
  }

  /** log sigmoid(z) = z - softplus(z) and log sigmoid(-z) = -softplus(z). */
  private void component(int k, float weight, float within) {
    int bound = k * bounds.length;
    int level = k * levels;
    int last = bounds.length - 1;
    float inner = weight + within;
    masses[level] = weight + (z[bound] - softplus[bound]);
    for (int v = 1; v <= last; v++) {
      float above = z[bound + v] - softplus[bound + v];
      masses[level + v] = inner + above - softplus[bound + v - 1];
    }
    masses[level + last + 1] = weight - softplus[bound + last];
  }

  private void logSumExp(float[] logits) {
    System.arraycopy(masses, 0, largest, 0, levels);
    for (int k = 1; k < components; k++) {
      for (int v = 0; v < levels; v++) {
        largest[v] = Math.max(largest[v], masses[k * levels + v]);
      }
    }
    for (int k = 0; k < components; k++) {
      for (int v = 0; v < levels; v++) {
        masses[k * levels + v] -= largest[v];
      }
    }
    kernels.unary(Unary.EXP, masses, masses, components * levels);
    System.arraycopy(masses, 0, sums, 0, levels);
    for (int k = 1; k < components; k++) {
      for (int v = 0; v < levels; v++) {
        sums[v] += masses[k * levels + v];
      }
    }
    kernels.unary(Unary.LOG, sums, sums, levels);
    for (int v = 0; v < levels; v++) {
      logits[v] = sums[v] + largest[v];
    }
  }
}
