package io.weft.data;

/** How the pixels of a new size come from those of the old one. */
enum Resampling {
  /**
   * A triangle filter, which is linear interpolation when a picture grows, and widens so that every
   * pixel counts when it shrinks.
   */
  TRIANGLE,
  /** The nearest pixel, for values that have no mean: numbers of classes. */
  NEAREST;

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
   * Cuts a part out and brings it to a size.
   *
   * @param scale how many old pixels a new one is wide and high
   * @param down where the part begins: 0 at the top, 1 as far down as it can
   * @param along where it begins: 0 at the left, 1 as far right as it can
   */
  Pixels cut(Pixels picture, int height, int width, double scale, double down, double along) {
    return resampled(
        picture,
        windows(picture.height(), height, scale, down),
        windows(picture.width(), width, scale, along));
  }

  /** Brings the whole picture to a size. */
  Pixels whole(Pixels picture, int height, int width) {
    return resampled(
        picture,
        windows(picture.height(), height, picture.height() / (double) height, 0),
        windows(picture.width(), width, picture.width() / (double) width, 0));
  }

  private static Pixels resampled(Pixels picture, Window[] rows, Window[] columns) {
    int height = rows.length;
    int width = columns.length;
    int channels = picture.channels();
    double[] narrow = new double[Math.multiplyExact(picture.height(), width * channels)];
    for (int row = 0; row < picture.height(); row++) {
      for (int column = 0; column < width; column++) {
        Window window = columns[column];
        for (int channel = 0; channel < channels; channel++) {
          int from = (row * picture.width() + window.first) * channels;
          double sum = 0;
          for (int i = 0; i < window.weights.length; i++) {
            sum += window.weights[i] * weighted(picture, from + i * channels, channel);
          }
          narrow[(row * width + column) * channels + channel] = sum;
        }
      }
    }
    int line = width * channels;
    double[] sums = new double[height * line];
    for (int row = 0; row < height; row++) {
      Window window = rows[row];
      for (int at = 0; at < line; at++) {
        double sum = 0;
        for (int i = 0; i < window.weights.length; i++) {
          sum += window.weights[i] * narrow[(window.first + i) * line + at];
        }
        sums[row * line + at] = sum;
      }
    }
    return rounded(picture.hasAlpha(), height, width, channels, sums);
  }

  /** Colours count by how opaque their pixel is: what nobody sees must not shine through. */
  private static double weighted(Pixels picture, int pixel, int channel) {
    int value = picture.value(pixel + channel);
    int last = picture.channels() - 1;
    return picture.hasAlpha() && channel < last ? value * picture.value(pixel + last) : value;
  }

  private static Pixels rounded(boolean alpha, int height, int width, int channels, double[] sums) {
    byte[] values = new byte[sums.length];
    for (int pixel = 0; pixel < sums.length; pixel += channels) {
      double opaque = alpha ? sums[pixel + channels - 1] : 1;
      for (int channel = 0; channel < channels; channel++) {
        boolean isColour = !alpha || channel < channels - 1;
        double sum = sums[pixel + channel];
        double value = isColour ? (opaque > 0 ? sum / opaque : 0) : sum;
        values[pixel + channel] = (byte) Math.round(value);
      }
    }
    return new Pixels(height, width, channels, values);
  }

  private Window[] windows(int oldSize, int newSize, double scale, double place) {
    double start = (oldSize - scale * newSize) * place;
    Window[] windows = new Window[newSize];
    for (int i = 0; i < newSize; i++) {
      double centre = start + scale * (i + 0.5) - 0.5;
      windows[i] =
          switch (this) {
            case TRIANGLE -> triangle(oldSize, centre, Math.max(1, scale));
            case NEAREST -> nearest(oldSize, centre);
          };
    }
    return windows;
  }

  private static Window nearest(int oldSize, double centre) {
    int at = (int) Math.min(oldSize - 1.0, Math.max(0, Math.ceil(centre - 0.5)));
    return new Window(at, new double[] {1});
  }

  private static Window triangle(int oldSize, double centre, double reach) {
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
    return new Window(first, weights);
  }
}
