package io.weft.score;

import io.weft.spec.ClassNames;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Log-likelihoods of the same images under each class of a model, in nats, and what follows from
 * them by Bayes' rule for the class of an image. Immutable.
 */
public final class ClassScores {

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
   * @param logLikelihoods for each class, in their order, those of all images in nats; copied
   * @throws IllegalArgumentException if there is not one array for each class, or they are not of
   *     one length
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
    return new ClassScores(classes, logLikelihoods.stream().map(double[]::clone).toList());
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

  /**
   * Returns how probable it is that an image is of each class, if all are equally likely before it
   * is seen: its likelihood under the class, divided by the sum of those under all (Bayes' rule).
   *
   * @param image 0 to size() - 1
   * @return for each label, 0 to 1; 1 in all
   */
  public double[] probabilities(int image) {
    double largest = logLikelihood(image, likeliest(image));
    double[] shares =
        IntStream.range(0, classes.count())
            .mapToDouble(label -> StrictMath.exp(logLikelihood(image, label) - largest))
            .toArray();
    double sum = Arrays.stream(shares).sum();
    return Arrays.stream(shares).map(share -> share / sum).toArray();
  }

  @Override
  public String toString() {
    return size() + " images under each of the classes " + classes;
  }
}
