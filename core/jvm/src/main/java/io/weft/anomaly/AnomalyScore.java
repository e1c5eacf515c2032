package io.weft.anomaly;

import java.util.Arrays;
import java.util.stream.Collectors;

/** How strange an image is, as a number: the higher, the stranger. */
public enum AnomalyScore {
  /**
   * The cost of the image in nats, -log p(x). It sees what the model has never seen, but not what
   * is simpler than what it has: a blank image costs less than any digit (Nalisnick et al. 2019, Do
   * Deep Generative Models Know What They Don't Know?).
   */
  LIKELIHOOD("likelihood"),
  /**
   * The nats of the image less those under a background model, which was trained on images with
   * values replaced at random, and which shares what makes any image simple (Ren et al. 2019,
   * Likelihood Ratios for Out-of-Distribution Detection, equation 4).
   */
  LIKELIHOOD_RATIO("likelihood-ratio"),
  /**
   * The nats of the image less those that a general lossless coder takes (Serrà et al. 2020, Input
   * Complexity and Out-of-distribution Detection with Likelihood-based Generative Models, equation
   * 2).
   */
  COMPLEXITY("complexity"),
  /**
   * How far the nats of the image are from the mean of good images, on either side (Nalisnick et
   * al. 2019, Detecting Out-of-Distribution Inputs Using Typicality, equation 5, of one image).
   */
  TYPICALITY("typicality"),
  /**
   * How far all that was measured of the image is together from what it is of good images: nats,
   * those of the background model, those of the lossless coder, and those of the costliest small
   * window. The Mahalanobis distance, so that what varies together in good images counts where it
   * does not (a Gaussian form of Morningstar et al. 2021, Density of States Estimation for
   * Out-of-Distribution Detection).
   */
  JOINT("joint");

  private final String label;

  AnomalyScore(String label) {
    this.label = label;
  }

  /** Returns the name in files and at the command line, such as {@code likelihood-ratio}. */
  public String label() {
    return label;
  }

  /**
   * Returns the score of a name.
   *
   * @throws IllegalArgumentException if there is none; the message has those that are
   */
  public static AnomalyScore named(String label) {
    return Arrays.stream(values())
        .filter(score -> score.label.equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no score \"" + label + "\"; expected one of " + labels()));
  }

  private static String labels() {
    return Arrays.stream(values()).map(AnomalyScore::label).collect(Collectors.joining(", "));
  }

  @Override
  public String toString() {
    return label;
  }
}
