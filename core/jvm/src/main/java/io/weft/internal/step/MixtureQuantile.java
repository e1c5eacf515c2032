package io.weft.internal.step;

import io.weft.distribution.Distribution.LogisticMixture;
import io.weft.expression.Unary;
import io.weft.spec.ImageSpec;

/**
 * Finds the level that is drawn from a discretised logistic mixture by halving: its cumulative
 * distribution is a sum of sigmoids, so that some eight levels have to be looked at where {@link
 * SoftmaxDraw} needs the masses of all. The level is that one's, to the bit: where rounding might
 * decide between two, this says that it does not know. Not for use by several threads at once.
 */
final class MixtureQuantile {

  /** Says that the masses of all levels are needed. */
  static final int UNSURE = -1;

  /**
   * No less than the cumulative distributions of the two ways differ: a test finds less than a
   * quarter of it. The more, the more often both ways are gone.
   */
  static final double ERROR = 0x1p-14;

  /** Beyond this the other way rounds a log weight too much for that: to 2^-18 and more. */
  private static final double LARGEST_LOG_WEIGHT = 64;

  /** Beyond this the other way may leave what floats can say, and find no distribution. */
  private static final float LARGEST_MEAN = 1e30f;

  private final MixtureComponents components;
  private final int levels;
  private final Kernels kernels;

  // By component.
  private final float[] weights;
  private final float[] z;
  private final float[] sigmoids;
  private double total;

  MixtureQuantile(LogisticMixture mixture, ImageSpec image, Kernels kernels) {
    this.components = new MixtureComponents(mixture, image);
    this.levels = image.levels();
    this.kernels = kernels;
    weights = new float[components.count + Kernels.MARGIN];
    z = new float[weights.length];
    sigmoids = new float[weights.length];
  }

  /**
   * Returns a level, or that it is {@link #UNSURE}.
   *
   * @param parameters as {@link LevelLogits#write} has them
   * @param u in [0, 1)
   */
  int level(float[] parameters, int offset, int channel, double u) {
    components.read(parameters, offset, channel);
    double largest = largestWeight();
    if (!(Math.abs(largest) <= LARGEST_LOG_WEIGHT && areBelow(components.means, LARGEST_MEAN))) {
      return UNSURE;
    }
    weigh(largest);
    int first = 0;
    int last = levels - 1;
    double below = Double.NEGATIVE_INFINITY;
    double upTo = Double.POSITIVE_INFINITY;
    while (first < last) {
      int middle = (first + last) / 2;
      double cumulative = cumulative(middle);
      if (u < cumulative) {
        last = middle;
        upTo = cumulative;
      } else {
        first = middle + 1;
        below = cumulative;
      }
    }
    // Nor is what is not a number above anything.
    return u - below > ERROR && upTo - u > ERROR ? first : UNSURE;
  }

  private double largestWeight() {
    double largest = components.weights[0];
    for (double weight : components.weights) {
      largest = Math.max(largest, weight);
    }
    return largest;
  }

  private static boolean areBelow(float[] means, float bound) {
    for (float mean : means) {
      if (!(Math.abs(mean) < bound)) {
        return false;
      }
    }
    return true;
  }

  private void weigh(double largest) {
    for (int k = 0; k < components.count; k++) {
      z[k] = (float) (components.weights[k] - largest);
    }
    kernels.unary(Unary.EXP, z, weights, components.count);
    total = 0;
    for (int k = 0; k < components.count; k++) {
      total += weights[k];
    }
  }

  /** The probability of a level and all below it; never of the last. */
  private double cumulative(int level) {
    float bound = components.bounds[level];
    for (int k = 0; k < components.count; k++) {
      z[k] = (bound - components.means[k]) * (float) components.sharpness[k];
    }
    kernels.unary(Unary.SIGMOID, z, sigmoids, components.count);
    double sum = 0;
    for (int k = 0; k < components.count; k++) {
      sum += (double) weights[k] * sigmoids[k];
    }
    return sum / total;
  }
}
