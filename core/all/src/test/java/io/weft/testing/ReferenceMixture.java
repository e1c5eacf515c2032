package io.weft.testing;

import io.weft.distribution.Distribution.LogisticMixture;
import io.weft.spec.ImageSpec;

/**
 * The discretised logistic mixture by its definition, in double precision: masses as differences of
 * the cumulative distribution, taken in whichever tail is small.
 */
public final class ReferenceMixture {

  private final LogisticMixture mixture;
  private final ImageSpec image;

  public ReferenceMixture(LogisticMixture mixture, ImageSpec image) {
    this.mixture = mixture;
    this.image = image;
  }

  /** Returns the mass of each level of a channel's value, given the pixel's earlier levels. */
  public double[] masses(double[] maps, int channel, int[] earlier) {
    int components = mixture.components();
    double[] weights = new double[components];
    double total = 0;
    double largest = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < components; k++) {
      largest = Math.max(largest, maps[k]);
    }
    for (int k = 0; k < components; k++) {
      weights[k] = Math.exp(maps[k] - largest);
      for (int c = 0; c < channel; c++) {
        weights[k] *= mass(maps, c, k, earlier, earlier[c]);
      }
      total += weights[k];
    }
    double[] masses = new double[image.levels()];
    for (int v = 0; v < masses.length; v++) {
      for (int k = 0; k < components; k++) {
        masses[v] += weights[k] / total * mass(maps, channel, k, earlier, v);
      }
    }
    return masses;
  }

  private double mass(double[] maps, int channel, int k, int[] earlier, int level) {
    int components = mixture.components();
    int first = mixture.firstMap(channel);
    double mean = maps[first + k];
    for (int c = 0; c < channel; c++) {
      double coefficient = Math.tanh(maps[first + (2 + c) * components + k]);
      mean += coefficient * (2.0 * earlier[c] / (image.levels() - 1) - 1);
    }
    double scale = Math.exp(Math.max(-7, maps[first + components + k]));
    double half = 1.0 / (image.levels() - 1);
    double centre = 2.0 * level / (image.levels() - 1) - 1;
    double low = level == 0 ? Double.NEGATIVE_INFINITY : (centre - half - mean) / scale;
    double high =
        level == image.levels() - 1 ? Double.POSITIVE_INFINITY : (centre + half - mean) / scale;
    return low > 0 ? sigmoid(-low) - sigmoid(-high) : sigmoid(high) - sigmoid(low);
  }

  private static double sigmoid(double x) {
    return x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x));
  }
}
