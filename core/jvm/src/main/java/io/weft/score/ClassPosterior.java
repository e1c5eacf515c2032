package io.weft.score;

import io.weft.data.ImageSet;
import io.weft.internal.Count;
import io.weft.spec.ClassNames;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How probable it is that images are of each class, by Bayes' rule: p(class | image) = p(class)
 * p(image | class) / p(image), where p(image) is the sum of the numerators over all classes. So a
 * model that draws images of a class is a classifier as well. Immutable.
 */
public final class ClassPosterior {

  private final ClassNames classes;
  private final List<double[]> probabilities;
  private final double[] logLikelihoods;

  /** Takes over, for each image, the probabilities of the classes and log p(image). */
  private ClassPosterior(
      ClassNames classes, List<double[]> probabilities, double[] logLikelihoods) {
    this.classes = classes;
    this.probabilities = probabilities;
    this.logLikelihoods = logLikelihoods;
  }

  /** Applies Bayes' rule to scores and checked priors, of which some may be 0. */
  static ClassPosterior of(ClassScores scores, double[] priors) {
    int count = priors.length;
    double[] logPriors = Arrays.stream(priors).map(StrictMath::log).toArray();
    double[] evidence = new double[scores.size()];
    double[][] all = new double[scores.size()][];
    for (int image = 0; image < all.length; image++) {
      double[] joint = new double[count];
      for (int label = 0; label < count; label++) {
        joint[label] = logPriors[label] + scores.logLikelihood(image, label);
      }
      // Likelihoods themselves would underflow; only their ratios are of ordinary size.
      double largest = Arrays.stream(joint).max().orElseThrow();
      if (Double.isInfinite(largest)) {
        throw new IllegalArgumentException(
            "image "
                + image
                + " is impossible under every class of a prior above 0, so that none is more"
                + " probable than another");
      }
      double[] shares = Arrays.stream(joint).map(j -> StrictMath.exp(j - largest)).toArray();
      double sum = Arrays.stream(shares).sum();
      evidence[image] = largest + StrictMath.log(sum);
      all[image] = Arrays.stream(shares).map(share -> share / sum).toArray();
    }
    return new ClassPosterior(scores.classes(), List.of(all), evidence);
  }

  /** Returns the classes. */
  public ClassNames classes() {
    return classes;
  }

  /** Returns the number of images. */
  public int size() {
    return probabilities.size();
  }

  /**
   * Returns how probable it is that an image is of a class.
   *
   * @param image 0 to size() - 1
   * @param label 0 to classes().count() - 1
   * @return 0 to 1
   */
  public double probability(int image, int label) {
    return probabilities.get(image)[label];
  }

  /**
   * Returns how probable it is that an image is of each class.
   *
   * @param image 0 to size() - 1
   * @return for each label, 0 to 1; 1 in all
   */
  public double[] probabilities(int image) {
    return probabilities.get(image).clone();
  }

  /**
   * Returns the label of the most probable class of an image; of several, the first.
   *
   * @param image 0 to size() - 1
   */
  public int mostProbable(int image) {
    double[] own = probabilities.get(image);
    return IntStream.range(1, own.length).reduce(0, (best, l) -> own[l] > own[best] ? l : best);
  }

  /**
   * Returns the log-likelihood of an image whatever its class, in nats: log of the sum over classes
   * of p(class) p(image | class).
   *
   * @param image 0 to size() - 1
   */
  public double logLikelihood(int image) {
    return logLikelihoods[image];
  }

  /**
   * Returns how often images of each class are taken for each.
   *
   * @param images the images that this is of, with labels; matched by the names of their classes
   * @throws IllegalArgumentException if they are not as many, have no labels, or are of a class
   *     that the model does not know
   */
  public Confusion confusion(ImageSet images) {
    if (images.size() != size()) {
      throw new IllegalArgumentException(
          images.size() + " images, but probabilities of " + size() + "; give the same images");
    }
    if (!images.hasLabels()) {
      throw new IllegalArgumentException(
          "these images have no labels to compare with; read them with their labels");
    }
    ClassNames data = ClassNames.of(images.classNames());
    return Confusion.of(
        classes,
        IntStream.range(0, size()).map(i -> classes.labelOf(data, images.label(i))).toArray(),
        IntStream.range(0, size()).map(this::mostProbable).toArray());
  }

  @Override
  public String toString() {
    return Count.of(size(), "image") + ", each with the probabilities of the classes " + classes;
  }
}
