package io.weft.score;

import io.weft.complete.PixelMask;
import io.weft.internal.Count;
import io.weft.spec.ImageSpec;
import java.util.Arrays;

/**
 * How likely a model finds images, and each of their colour values. The nats of an image serve as
 * an anomaly score: the higher, the stranger.
 */
public final class Scores implements ImageLikelihoods {

  private final ImageSpec image;
  private final float[] values;

  /**
   * Takes over the log-likelihood of every colour value, [image, row, column, channel].
   *
   * @throws IllegalArgumentException if there is not a whole number of images
   */
  Scores(ImageSpec image, float[] values) {
    if (values.length % image.values() != 0) {
      throw new IllegalArgumentException(
          values.length + " values are no whole number of images of " + image);
    }
    this.image = image;
    this.values = values;
  }

  /**
   * Returns scores that were found elsewhere.
   *
   * @param values the log-likelihood of every colour value, [image, row, column, channel]; copied
   * @throws IllegalArgumentException if there is not a whole number of images
   */
  public static Scores of(ImageSpec image, float[] values) {
    return new Scores(image, values.clone());
  }

  @Override
  public ImageSpec image() {
    return image;
  }

  /** Returns a copy of the log-likelihoods of all colour values, [image, row, column, channel]. */
  public float[] values() {
    return values.clone();
  }

  /** Returns a copy of the log-likelihoods of one image's colour values, [row, column, channel]. */
  public float[] values(int index) {
    int from = offset(index);
    return Arrays.copyOfRange(values, from, from + image.values());
  }

  @Override
  public int size() {
    return values.length / image.values();
  }

  @Override
  public double logLikelihood(int index) {
    double sum = 0;
    int from = offset(index);
    for (int i = from; i < from + image.values(); i++) {
      sum += values[i];
    }
    return sum;
  }

  /**
   * Returns the sum of the log-likelihoods of an image's missing values, each given everything
   * earlier in the generation order.
   *
   * <p>This is the log-likelihood of the missing pixels <em>given the known ones</em> only where
   * all known pixels come before all missing ones ({@link PixelMask#isKnownFirst}). Elsewhere it is
   * not: known pixels that come later are left out of account, and {@code
   * Model.conditionalLogLikelihoods} refuses or takes another order.
   *
   * @param known which pixels are known
   * @throws IllegalArgumentException if the mask is of another size
   */
  public double missingLogLikelihood(int index, PixelMask known) {
    known.check(image);
    double sum = 0;
    int from = offset(index);
    for (int i = 0; i < image.values(); i++) {
      if (!known.isKnown(i / image.channels())) {
        sum += values[from + i];
      }
    }
    return sum;
  }

  /** Returns nats of an image as bits per dimension. */
  static double bits(double nats, ImageSpec image) {
    return nats / StrictMath.log(2) / image.values();
  }

  /** Returns the log-likelihood of each pixel of one image, row-major, summed over channels. */
  public float[] pixelLogLikelihoods(int index) {
    float[] pixels = new float[image.pixels()];
    int from = offset(index);
    for (int i = 0; i < image.values(); i++) {
      pixels[i / image.channels()] += values[from + i];
    }
    return pixels;
  }

  /** Returns the log-likelihood of one colour value. */
  public float valueLogLikelihood(int index, int row, int column, int channel) {
    if (row < 0
        || row >= image.height()
        || column < 0
        || column >= image.width()
        || channel < 0
        || channel >= image.channels()) {
      throw new IndexOutOfBoundsException(
          "images of " + image + " have no value at (" + row + ", " + column + "), " + channel);
    }
    return values[offset(index) + (row * image.width() + column) * image.channels() + channel];
  }

  private int offset(int index) {
    if (index < 0 || index >= size()) {
      throw new IndexOutOfBoundsException("there are " + size() + " images, found " + index);
    }
    return index * image.values();
  }

  @Override
  public String toString() {
    return Count.of(size(), "image") + ", " + bitsPerDimension() + " bits per dimension";
  }
}
