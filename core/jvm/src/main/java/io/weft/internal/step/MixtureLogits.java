package io.weft.internal.step;

import io.weft.distribution.Distribution.LogisticMixture;
import io.weft.expression.Binary;
import io.weft.expression.Unary;
import io.weft.spec.ImageSpec;
import java.util.Arrays;

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

  // Of one component, by bound.
  private final float[] z;
  private final float[] softplus;
  private final float[] softplusBelow;

  /** The log masses of each component, by level. */
  private final float[][] masses;

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
    z = new float[levels + Kernels.MARGIN];
    softplus = new float[z.length];
    softplusBelow = new float[z.length];
    masses = new float[components][z.length];
    largest = new float[z.length];
    sums = new float[z.length];
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
      double logScale = logScale(parameters, offset, channel, k);
      double sharpness = StrictMath.exp(-logScale);
      float mean = (float) mean(parameters, offset, values, channel, k);
      standardise(bounds, mean, (float) sharpness, z);
      kernels.unary(Unary.SOFTPLUS, z, softplus, bounds.length);
      component((float) weights[k], (float) logWithin(sharpness), masses[k]);
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
  private double logWithin(double sharpness) {
    return StrictMath.log(-StrictMath.expm1(-2.0 / (levels - 1) * sharpness));
  }

  /** The log mass of the value that an earlier channel has. */
  private double earlier(float[] parameters, int offset, int values, int channel, int k) {
    int level = Math.round((parameters[values + channel] + 1) / 2 * (levels - 1));
    double mean = mean(parameters, offset, values, channel, k);
    double sharpness = StrictMath.exp(-logScale(parameters, offset, channel, k));
    double log = 0;
    if (level < levels - 1) {
      log -= Unary.SOFTPLUS.apply((mean - bounds[level]) * sharpness);
    }
    if (level > 0) {
      log -= Unary.SOFTPLUS.apply((bounds[level - 1] - mean) * sharpness);
    }
    return level > 0 && level < levels - 1 ? log + logWithin(sharpness) : log;
  }

  // The loops below are of the form that the JIT compiler turns into vector instructions.

  private static void standardise(float[] bounds, float mean, float sharpness, float[] z) {
    for (int v = 0; v < bounds.length; v++) {
      z[v] = (bounds[v] - mean) * sharpness;
    }
  }

  /** log sigmoid(z) = z - softplus(z) and log sigmoid(-z) = -softplus(z). */
  private void component(float weight, float within, float[] masses) {
    int last = bounds.length - 1;
    System.arraycopy(softplus, 0, softplusBelow, 1, last);
    between(z, softplus, softplusBelow, weight + within, masses, bounds.length);
    masses[0] = weight + (z[0] - softplus[0]);
    masses[last + 1] = weight - softplus[last];
  }

  private static void between(
      float[] z, float[] softplus, float[] softplusBelow, float inner, float[] masses, int n) {
    for (int v = 0; v < n; v++) {
      masses[v] = inner + (z[v] - softplus[v]) - softplusBelow[v];
    }
  }

  private void logSumExp(float[] logits) {
    System.arraycopy(masses[0], 0, largest, 0, levels);
    for (int k = 1; k < components; k++) {
      kernels.binary(Binary.MAXIMUM, largest, masses[k], largest, levels);
    }
    Arrays.fill(sums, 0, levels, 0);
    for (float[] mass : masses) {
      kernels.binary(Binary.SUBTRACT, mass, largest, mass, levels);
      kernels.unary(Unary.EXP, mass, mass, levels);
      kernels.binary(Binary.ADD, sums, mass, sums, levels);
    }
    kernels.unary(Unary.LOG, sums, sums, levels);
    kernels.binary(Binary.ADD, sums, largest, sums, levels);
    System.arraycopy(sums, 0, logits, 0, levels);
  }
}
