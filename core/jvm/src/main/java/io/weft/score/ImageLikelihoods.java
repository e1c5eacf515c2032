package io.weft.score;

import io.weft.spec.ImageSpec;
import java.util.Arrays;

/**
 * How likely images are, each as a whole: under a model, its orders together, or several models.
 * Log-likelihoods are natural logarithms, at most 0 but for rounding; nats and bits are costs, the
 * negative of those (see the {@linkplain io.weft.score package}).
 */
public sealed interface ImageLikelihoods permits Scores, MixtureScores, EnsembleScores {

  /** Returns the form of the images. */
  ImageSpec image();

  /** Returns the number of images. */
  int size();

  /**
   * Returns the log-likelihood of one image, at most 0 but for rounding.
   *
   * @throws IndexOutOfBoundsException if there is no such image
   */
  double logLikelihood(int index);

  /** Returns the log-likelihood of each image. */
  default double[] logLikelihoods() {
    double[] each = new double[size()];
    Arrays.setAll(each, this::logLikelihood);
    return each;
  }

  /**
   * Returns the cost of one image, its negative log-likelihood, in nats.
   *
   * @throws IndexOutOfBoundsException if there is no such image
   */
  default double nats(int index) {
    return -logLikelihood(index);
  }

  /**
   * Returns the cost of one image, its negative log-likelihood, in bits per dimension.
   *
   * @throws IndexOutOfBoundsException if there is no such image
   */
  default double bitsPerDimension(int index) {
    return Scores.bits(nats(index), image());
  }

  /** Returns the mean cost of an image, its negative log-likelihood, in nats. */
  default double meanNats() {
    return -Arrays.stream(logLikelihoods()).average().orElseThrow();
  }

  /** Returns the mean cost, the negative log-likelihood, in bits per dimension. */
  default double bitsPerDimension() {
    return Scores.bits(meanNats(), image());
  }
}
