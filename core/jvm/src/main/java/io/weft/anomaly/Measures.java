package io.weft.anomaly;

import io.weft.data.ImageSet;
import io.weft.score.Scores;
import io.weft.spec.ImageSpec;

/**
 * What is measured of one image.
 *
 * @param nats its cost under the model
 * @param background its cost under the background model, in nats
 * @param coded its length when a lossless coder has written it, in nats
 * @param window the nats of its costliest small window
 */
record Measures(double nats, double background, double coded, double window) {

  /** How many of them there are. */
  static final int COUNT = 4;

  /** Rows and columns of the small window; fewer in smaller images. */
  private static final int WINDOW = 3;

  /** Returns the measures of one image of a set, from its scores under both models. */
  static Measures of(ImageSet images, int index, Scores scores, Scores background) {
    return new Measures(
        scores.nats(index),
        background.nats(index),
        CodedLength.nats(images.spec(), images.image(index)),
        costliest(images.spec(), scores.pixelLogLikelihoods(index)));
  }

  private static double costliest(ImageSpec image, float[] logs) {
    int high = Math.min(WINDOW, image.height());
    int wide = Math.min(WINDOW, image.width());
    double most = Double.NEGATIVE_INFINITY;
    for (int row = 0; row + high <= image.height(); row++) {
      for (int column = 0; column + wide <= image.width(); column++) {
        double sum = 0;
        for (int i = 0; i < high * wide; i++) {
          sum -= logs[(row + i / wide) * image.width() + column + i % wide];
        }
        most = Math.max(most, sum);
      }
    }
    return most;
  }

  /** Returns all as one vector. */
  double[] vector() {
    return new double[] {nats, background, coded, window};
  }
}
