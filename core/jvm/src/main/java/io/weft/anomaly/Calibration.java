package io.weft.anomaly;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What good images that no model was trained on score: by it the measures of an image become
 * scores, and scores become p-values. Immutable.
 *
 * @param gaussian of the measures of those by which the scores were made
 * @param heldOut by score, those of images that nothing was fit on, ascending
 * @param hottest by score, the heat of a pixel that few good images exceed
 */
record Calibration(
    Gaussian gaussian, Map<AnomalyScore, double[]> heldOut, Map<AnomalyScore, Double> hottest) {

  /** Of the hottest pixels of good images, this share stays below {@code hottest}. */
  private static final double USUAL = 0.95;

  /** Scores one image. */
  static double score(Gaussian gaussian, AnomalyScore by, Measures image) {
    return switch (by) {
      case LIKELIHOOD -> image.nats();
      case LIKELIHOOD_RATIO -> image.nats() - image.background();
      case COMPLEXITY -> image.nats() - image.coded();
      case TYPICALITY -> Math.abs(image.nats() - gaussian.mean()[0]);
      case JOINT -> gaussian.distance(image.vector());
    };
  }

  /** Scores some images. */
  static double[] scores(Gaussian gaussian, AnomalyScore by, List<Measures> images) {
    return images.stream().mapToDouble(image -> score(gaussian, by, image)).toArray();
  }

  /** Calibrates by images that the Gaussian has not seen. */
  static Calibration of(Gaussian gaussian, HeldOut images) {
    Map<AnomalyScore, double[]> heldOut = new EnumMap<>(AnomalyScore.class);
    Map<AnomalyScore, Double> hottest = new EnumMap<>(AnomalyScore.class);
    for (AnomalyScore by : AnomalyScore.values()) {
      double[] scores = scores(gaussian, by, images.each());
      Arrays.sort(scores);
      heldOut.put(by, scores);
      double[] most = images.hottest(by);
      hottest.put(by, most[(int) (USUAL * (most.length - 1))]);
    }
    return new Calibration(gaussian, heldOut, hottest);
  }

  /** Returns how many good images the p-values are of. */
  int size() {
    return heldOut.get(AnomalyScore.LIKELIHOOD).length;
  }

  /**
   * Returns the conformal p-value of a score (Bates et al. 2023, Testing for Outliers with
   * Conformal p-values, equation 2): of a good image it is below any number no more often than that
   * number says, whatever the distribution of the scores.
   */
  double pValue(AnomalyScore by, double score) {
    double[] sorted = heldOut.get(by);
    int asStrange = sorted.length - Auroc.countBelow(sorted, score);
    return (1.0 + asStrange) / (sorted.length + 1.0);
  }

  /** Returns the score above which p-values are at most {@code rate}, of which it has checked. */
  double threshold(AnomalyScore by, double rate) {
    double[] sorted = heldOut.get(by);
    int above = 0;
    // As p-values are, to the last bit.
    while ((2.0 + above) / (sorted.length + 1.0) <= rate) {
      above++;
    }
    return sorted[sorted.length - 1 - above];
  }

  /**
   * Checks that a rate of false alarms can be held with so many images.
   *
   * @throws IllegalArgumentException if it cannot
   */
  static void checkRate(double rate, int images) {
    if (!(rate > 0 && rate < 1)) {
      throw new IllegalArgumentException(
          "a rate of false alarms is above 0 and below 1, found " + rate);
    }
    if (1 / (images + 1.0) > rate) {
      throw new IllegalArgumentException(
          "a rate of false alarms of "
              + rate
              + " takes "
              + (long) Math.ceil(1 / rate - 1)
              + " held-out good images or more to find a threshold by, found "
              + images
              + "; give more good images, or a higher rate");
    }
  }
}
