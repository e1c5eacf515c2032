package io.weft.score;

import io.weft.internal.Count;
import io.weft.spec.ClassNames;
import java.util.Arrays;
import java.util.List;

/**
 * Log-likelihoods of the same images under each class of a model, in nats, from which {@link
 * #posterior()} finds the class of an image. Immutable.
 */
public final class ClassScores {

  /** Priors that people write, such as 0.333, add up to 1 only so far. */
  private static final double ROUNDING = 0.01;

  private final ClassNames classes;
  private final List<double[]> logLikelihoods;

  private ClassScores(ClassNames classes, List<double[]> logLikelihoods) {
    this.classes = classes;
    this.logLikelihoods = logLikelihoods;
  }

  /**
   * Returns the scores of images under each of some classes.
   *
   * @param classes the classes
   * @param logLikelihoods for each class, in their order, those of all images in nats, minus
   *     infinity where an image is impossible; copied
   * @throws IllegalArgumentException if there is not one array for each class, they are not of one
   *     length, or have no number or plus infinity
   */
  public static ClassScores of(ClassNames classes, List<double[]> logLikelihoods) {
    if (logLikelihoods.size() != classes.count()) {
      throw new IllegalArgumentException(
          "scores under " + logLikelihoods.size() + " classes; expected " + classes.count());
    }
    int images = logLikelihoods.get(0).length;
    for (double[] each : logLikelihoods) {
      if (each.length != images) {
        throw new IllegalArgumentException(
            "scores of " + images + " images and of " + each.length + "; expected the same images");
      }
    }
    List<double[]> copies = logLikelihoods.stream().map(double[]::clone).toList();
    for (int label = 0; label < copies.size(); label++) {
      for (int image = 0; image < images; image++) {
        double found = copies.get(label)[image];
        if (Double.isNaN(found) || found == Double.POSITIVE_INFINITY) {
          throw new IllegalArgumentException(
              "image "
                  + image
                  + " has the log-likelihood "
                  + found
                  + " under the class "
                  + label
                  + "; expected a number, or minus infinity where it is impossible");
        }
      }
    }
    return new ClassScores(classes, copies);
  }

  /** Returns the classes. */
  public ClassNames classes() {
    return classes;
  }

  /** Returns the number of images. */
  public int size() {
    return logLikelihoods.get(0).length;
  }

  /**
   * Returns the log-likelihood of an image under a class, in nats.
   *
   * @param image 0 to size() - 1
   * @param label 0 to classes().count() - 1
   */
  public double logLikelihood(int image, int label) {
    return logLikelihoods.get(label)[image];
  }

  /**
   * Returns the label of the class under which an image is the likeliest; of several, the first.
   *
   * @param image 0 to size() - 1
   */
  public int likeliest(int image) {
    int likeliest = 0;
    for (int label = 1; label < classes.count(); label++) {
      if (logLikelihood(image, label) > logLikelihood(image, likeliest)) {
        likeliest = label;
      }
    }
    return likeliest;
  }

  /** Returns how probable each class is for each image, if all are equally likely before. */
  public ClassPosterior posterior() {
    double[] even = new double[classes.count()];
    Arrays.fill(even, 1.0 / even.length);
    return ClassPosterior.of(this, even);
  }

  /**
   * Returns how probable each class is for each image.
   *
   * @param priors how probable each class is before an image is seen, by label: each at least 0, 1
   *     in all but for rounding, which is evened out. A class of prior 0 is never found
   * @throws IllegalArgumentException if they are not as said, or an image is impossible under every
   *     class of a prior above 0
   */
  public ClassPosterior posterior(double... priors) {
    if (priors.length != classes.count()) {
      throw new IllegalArgumentException(
          priors.length
              + " priors for "
              + classes.count()
              + " classes ("
              + classes
              + "); expected one for each");
    }
    for (double prior : priors) {
      if (!(prior >= 0 && prior <= 1)) {
        throw new IllegalArgumentException("a prior of " + prior + "; expected 0 to 1");
      }
    }
    double sum = Arrays.stream(priors).sum();
    if (Math.abs(sum - 1) > ROUNDING) {
      throw new IllegalArgumentException("priors add up to " + sum + "; expected 1");
    }
    return ClassPosterior.of(this, Arrays.stream(priors).map(prior -> prior / sum).toArray());
  }

  @Override
  public String toString() {
    return Count.of(size(), "image") + " under each of the classes " + classes;
  }
}
