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

  private final MixtureComponents components;
  private final int levels;
  private final Kernels kernels;

  // Of one component, by bound.
  private final float[] z;
  private final float[] softplus;
  private final float[] softplusBelow;

  /** The log masses of each component, by level. */
  private final float[][] masses;

  private final float[] largest;
  private final float[] sums;

  MixtureLogits(LogisticMixture mixture, ImageSpec image, Kernels kernels) {
    this.components = new MixtureComponents(mixture, image);
    this.levels = image.levels();
    this.kernels = kernels;
    z = new float[levels + Kernels.MARGIN];
    softplus = new float[z.length];
    softplusBelow = new float[z.length];
    masses = new float[components.count][z.length];
    largest = new float[z.length];
    sums = new float[z.length];
  }

  @Override
  public void write(float[] parameters, int offset, int channel, float[] logits) {
    components.read(parameters, offset, channel);
    for (int k = 0; k < components.count; k++) {
      double sharpness = components.sharpness[k];
      standardise(components.bounds, components.means[k], (float) sharpness, z);
      kernels.unary(Unary.SOFTPLUS, z, softplus, components.bounds.length);
      float within = (float) components.logWithin(sharpness);
      component((float) components.weights[k], within, masses[k]);
    }
    logSumExp(logits);
  }

  // The loops below are of the form that the JIT compiler turns into vector instructions.

  private static void standardise(float[] bounds, float mean, float sharpness, float[] z) {
    for (int v = 0; v < bounds.length; v++) {
      z[v] = (bounds[v] - mean) * sharpness;
    }
  }

  /** log sigmoid(z) = z - softplus(z) and log sigmoid(-z) = -softplus(z). */
  private void component(float weight, float within, float[] masses) {
    int last = levels - 2;
    System.arraycopy(softplus, 0, softplusBelow, 1, last);
    between(z, softplus, softplusBelow, weight + within, masses, levels - 1);
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
    for (int k = 1; k < masses.length; k++) {
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
