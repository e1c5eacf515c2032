package io.weft.anomaly;

import io.weft.data.ImageSet;
import io.weft.image.Picture;
import java.util.Comparator;
import java.util.stream.IntStream;

/** How strange a detector finds images, by one of its scores. Immutable. */
public final class Anomalies {

  /** How much of an image's light is left under the heat. */
  private static final double DIMMED = 0.6;

  private final Measured measured;
  private final Calibration calibration;
  private final AnomalyScore by;
  private final double falseAlarms;
  private final double[] scores;

  /** Takes over what was measured. */
  Anomalies(Measured measured, Calibration calibration, AnomalyScore by, double falseAlarms) {
    this.measured = measured;
    this.calibration = calibration;
    this.by = by;
    this.falseAlarms = falseAlarms;
    scores = Calibration.scores(calibration.gaussian(), by, measured.each());
  }

  /** Returns the same images by another score; nothing is computed anew. */
  public Anomalies by(AnomalyScore other) {
    return new Anomalies(measured, calibration, other, falseAlarms);
  }

  /** Returns the score that images are told by. */
  public AnomalyScore by() {
    return by;
  }

  /** Returns the number of images. */
  public int size() {
    return scores.length;
  }

  /** Returns a copy of the scores of all images: the higher, the stranger. */
  public double[] scores() {
    return scores.clone();
  }

  /**
   * Returns the score of an image: the higher, the stranger.
   *
   * @param image 0 to size() - 1
   */
  public double score(int image) {
    return scores[image];
  }

  /**
   * Returns the conformal p-value of an image: of a good one it is below any number no more often
   * than that number says (Bates et al. 2023, Testing for Outliers with Conformal p-values). Of
   * however strange a one it is no less than 1 / (n + 1), of n held-out good images.
   *
   * @param image 0 to size() - 1
   * @return above 0, at most 1
   */
  public double pValue(int image) {
    return calibration.pValue(by, scores[image]);
  }

  /** Returns whether an image's p-value is at most the detector's rate of false alarms. */
  public boolean isAnomalous(int image) {
    return pValue(image) <= falseAlarms;
  }

  /** Returns the images, the strangest first. */
  public int[] strangestFirst() {
    return IntStream.range(0, size())
        .boxed()
        .sorted(Comparator.comparingDouble(image -> -scores[image]))
        .mapToInt(image -> image)
        .toArray();
  }

  /**
   * Returns what each pixel of an image costs, in nats: where in it the strange is. By {@link
   * AnomalyScore#LIKELIHOOD_RATIO} that is less what it costs under the background model.
   *
   * @param image 0 to size() - 1
   * @return [row, column]
   */
  public float[] heat(int image) {
    return measured.heat(by, image);
  }

  /**
   * Returns an image in dimmed grey with its {@linkplain #heat heat} in red: full where a pixel is
   * hotter than any in 95 of 100 good images.
   *
   * @param image 0 to size() - 1
   * @return a coloured picture of the image's size
   */
  public Picture heatMap(int image) {
    ImageSet images = measured.images();
    Picture picture = Picture.of(images, image).chequered().coloured();
    float[] heat = heat(image);
    double full = Math.max(calibration.hottest().get(by), Float.MIN_NORMAL);
    return Picture.of(
        images.height(),
        images.width(),
        3,
        (row, column, channel) -> {
          double hot = Math.min(1, Math.max(0, heat[row * images.width() + column] / full));
          double grey = 0;
          for (int c = 0; c < 3; c++) {
            grey += DIMMED * picture.value(row, column, c) / 3;
          }
          return (int) Math.round((1 - hot) * grey + (channel == 0 ? 255 * hot : 0));
        });
  }

  @Override
  public String toString() {
    long found = IntStream.range(0, size()).filter(this::isAnomalous).count();
    return found + " of " + size() + " images are anomalous by " + by;
  }
}
