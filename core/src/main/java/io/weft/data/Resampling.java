package io.weft.data;

/**
 * Brings a picture to another size with a triangle filter, which is linear interpolation when the
 * picture grows, and widens so that every pixel counts when it shrinks.
 */
final class Resampling {

  private Resampling() {}

  /** How much the source pixels from {@code first} on count for one new pixel; sums to 1. */
  private static final class Window {
    final int first;
    final double[] weights;

    Window(int first, double[] weights) {
      this.first = first;
      this.weights = weights;
    }
  }

  /**
   * Cuts the largest part of the wanted proportions out of the middle, and brings it to the wanted
   * size.
   */
  static Pixels fitted(Pixels picture, int height, int width) {
    double scale = Math.min(picture.height() / (double) height, picture.width() / (double) width);
    Window[] rows = windows(picture.height(), height, scale);
    Window[] columns = windows(picture.width(), width, scale);
    int channels = picture.channels();
    double[] narrow = new double[Math.multiplyExact(picture.height(), width * channels)];
    for (int row = 0; row < picture.height(); row++) {
      for (int column = 0; column < width; column++) {
        Window window = columns[column];
        for (int channel = 0; channel < channels; channel++) {
          int from = (row * picture.width() + window.first) * channels + channel;
          double sum = 0;
          for (int i = 0; i < window.weights.length; i++) {
            sum += window.weights[i] * picture.value(from + i * channels);
          }
          narrow[(row * width + column) * channels + channel] = sum;
        }
      }
    }
    int line = width * channels;
    byte[] fitted = new byte[height * line];
    for (int row = 0; row < height; row++) {
      Window window = rows[row];
      for (int at = 0; at < line; at++) {
        double sum = 0;
        for (int i = 0; i < window.weights.length; i++) {
          sum += window.weights[i] * narrow[(window.first + i) * line + at];
        }
        fitted[row * line + at] = (byte) Math.round(sum);
      }
    }
    return new Pixels(height, width, channels, fitted);
  }

  private static Window[] windows(int oldSize, int newSize, double scale) {
    double start = (oldSize - scale * newSize) / 2;
    double reach = Math.max(1, scale);
    Window[] windows = new Window[newSize];
    for (int i = 0; i < newSize; i++) {
      double centre = start + scale * (i + 0.5) - 0.5;
      int first = (int) Math.max(0, Math.ceil(centre - reach));
      int last = (int) Math.min(oldSize - 1.0, Math.floor(centre + reach));
      double[] weights = new double[last - first + 1];
      double total = 0;
      for (int j = 0; j < weights.length; j++) {
        weights[j] = 1 - Math.abs(first + j - centre) / reach;
        total += weights[j];
      }
      for (int j = 0; j < weights.length; j++) {
        weights[j] /= total;
      }
      windows[i] = new Window(first, weights);
    }
    return windows;
  }
}
