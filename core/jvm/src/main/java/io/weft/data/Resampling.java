package io.weft.data;

import java.util.Arrays;
import java.util.stream.IntStream;

/** How the pixels of a new size come from those of the old one. */
enum Resampling {
  /**
   * A triangle filter, which is linear interpolation when a picture grows, and widens so that every
   * pixel counts when it shrinks.
   */
  TRIANGLE,
  /** The nearest pixel, for values that have no mean: numbers of classes. */
  NEAREST;

  /**
   * The source pixels from {@code first} on and before {@code end}, which count for one new pixel:
   * the less the further they are from the centre, and 1 in sum.
   *
   * @param reach so far from the centre nothing counts any more
   * @param total what all would count, were each not divided by this
   */
  private record Window(int first, int end, double centre, double reach, double total) {

    static Window of(int first, int end, double centre, double reach) {
      double total = 0;
      for (int pixel = first; pixel < end; pixel++) {
        total += undivided(pixel, centre, reach);
      }
      return new Window(first, end, centre, reach, total);
    }

    private static double undivided(int pixel, double centre, double reach) {
      return 1 - Math.abs(pixel - centre) / reach;
    }

    /** Returns how much a source pixel counts. */
    double weight(int pixel) {
      return undivided(pixel, centre, reach) / total;
    }

    /** Returns how much each counts. */
    double[] weights() {
      return IntStream.range(first, end).mapToDouble(this::weight).toArray();
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

  /**
   * Goes through the rows that windows reach, from the top, and adds each to the new rows that it
   * counts for. So of a picture of very many rows one at a time is held in the new width. From one
   * new row to the next, neither end of the window moves up.
   */
  private static Pixels resampled(Pixels picture, Window[] rows, Window[] columns) {
    double[][] weights = Arrays.stream(columns).map(Window::weights).toArray(double[][]::new);
    double[] line = new double[columns.length * picture.channels()];
    double[] sums = new double[rows.length * line.length];
    int row = 0;
    int done = 0;
    while (done < rows.length) {
      row = Math.max(row, rows[done].first());
      narrow(picture, row, columns, weights, line);
      for (int to = done; to < rows.length && rows[to].first() <= row; to++) {
        add(line, rows[to].weight(row), sums, to * line.length);
      }
      row++;
      while (done < rows.length && rows[done].end() <= row) {
        done++;
      }
    }
    return rounded(picture.hasAlpha(), rows.length, columns.length, picture.channels(), sums);
  }

  /** Brings one row to the new width. */
  private static void narrow(
      Pixels picture, int row, Window[] columns, double[][] weights, double[] line) {
    int channels = picture.channels();
    for (int column = 0; column < columns.length; column++) {
      double[] window = weights[column];
      int from = (row * picture.width() + columns[column].first()) * channels;
      for (int channel = 0; channel < channels; channel++) {
        double sum = 0;
        for (int i = 0; i < window.length; i++) {
          sum += window[i] * weighted(picture, from + i * channels, channel);
        }
        line[column * channels + channel] = sum;
      }
    }
  }

  private static void add(double[] line, double weight, double[] sums, int from) {
    for (int at = 0; at < line.length; at++) {
      sums[from + at] += weight * line[at];
    }
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
    return Window.of(at, at + 1, at, 1);
  }

  private static Window triangle(int oldSize, double centre, double reach) {
    int first = (int) Math.max(0, Math.ceil(centre - reach));
    int last = (int) Math.min(oldSize - 1.0, Math.floor(centre + reach));
    return Window.of(first, last + 1, centre, reach);
  }
}
