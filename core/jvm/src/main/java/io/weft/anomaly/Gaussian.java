package io.weft.anomaly;

import java.util.List;

/**
 * A normal distribution of vectors, from which the Mahalanobis distance of others is measured.
 * Immutable.
 */
final class Gaussian {

  /** Where two measures are one, this share of a variance keeps the distance finite. */
  private static final double RIDGE = 1e-6;

  private final double[] mean;
  private final double[][] covariance;

  /** Lower triangle of the Cholesky factor of the covariance, with the ridge. */
  private final double[][] factor;

  private Gaussian(double[] mean, double[][] covariance) {
    this.mean = mean;
    this.covariance = covariance;
    this.factor = factor(covariance);
  }

  /** Takes over a mean and a covariance. */
  static Gaussian of(double[] mean, double[][] covariance) {
    return new Gaussian(mean, covariance);
  }

  /** Returns the distribution of some vectors, at least two. */
  static Gaussian of(List<double[]> vectors) {
    int size = vectors.get(0).length;
    double[] mean = new double[size];
    for (double[] vector : vectors) {
      for (int i = 0; i < size; i++) {
        mean[i] += vector[i] / vectors.size();
      }
    }
    double[][] covariance = new double[size][size];
    for (double[] vector : vectors) {
      for (int i = 0; i < size; i++) {
        for (int j = 0; j < size; j++) {
          covariance[i][j] += (vector[i] - mean[i]) * (vector[j] - mean[j]) / (vectors.size() - 1);
        }
      }
    }
    return new Gaussian(mean, covariance);
  }

  double[] mean() {
    return mean.clone();
  }

  double[][] covariance() {
    double[][] copy = new double[covariance.length][];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = covariance[i].clone();
    }
    return copy;
  }

  /** Returns the Mahalanobis distance of a vector from the mean, by forward substitution. */
  double distance(double[] vector) {
    double[] solved = new double[mean.length];
    double sum = 0;
    for (int i = 0; i < mean.length; i++) {
      double rest = vector[i] - mean[i];
      for (int j = 0; j < i; j++) {
        rest -= factor[i][j] * solved[j];
      }
      solved[i] = rest / factor[i][i];
      sum += solved[i] * solved[i];
    }
    return Math.sqrt(sum);
  }

  private static double[][] factor(double[][] covariance) {
    int size = covariance.length;
    double[][] factor = new double[size][size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = covariance[i][j];
        for (int k = 0; k < j; k++) {
          sum -= factor[i][k] * factor[j][k];
        }
        if (i == j) {
          // Of measures that never vary too, a little is taken to.
          double least = RIDGE * (covariance[i][i] + RIDGE);
          factor[i][i] = Math.sqrt(Math.max(sum, least));
        } else {
          factor[i][j] = sum / factor[j][j];
        }
      }
    }
    return factor;
  }
}
