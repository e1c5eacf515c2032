package io.weft.internal.step;

import java.util.Arrays;

/** The means of rows. Each is added up alone, so it does not depend on how many rows there are. */
final class RowMeans {

  private RowMeans() {}

  /**
   * Writes the mean of each row as often as is asked for.
   *
   * @param x the rows, one after another
   * @param count values in a row
   * @param rows how many
   * @param means takes {@code width} times the mean of each row
   */
  static void of(float[] x, int count, int rows, float[] means, int width) {
    int r = 0;
    for (; r + 4 <= rows; r += 4) {
      fourRows(x, count, r, means, width);
    }
    for (; r < rows; r++) {
      float sum = 0;
      for (int i = r * count; i < (r + 1) * count; i++) {
        sum += x[i];
      }
      Arrays.fill(means, r * width, (r + 1) * width, sum / count);
    }
  }

  /** Four sums at a time: each number waits for the one before it in its row, not in others. */
  private static void fourRows(float[] x, int count, int first, float[] means, int width) {
    int at0 = first * count;
    int at1 = at0 + count;
    int at2 = at1 + count;
    int at3 = at2 + count;
    float sum0 = 0;
    float sum1 = 0;
    float sum2 = 0;
    float sum3 = 0;
    for (int i = 0; i < count; i++) {
      sum0 += x[at0 + i];
      sum1 += x[at1 + i];
      sum2 += x[at2 + i];
      sum3 += x[at3 + i];
    }
    int to = first * width;
    Arrays.fill(means, to, to + width, sum0 / count);
    Arrays.fill(means, to + width, to + 2 * width, sum1 / count);
    Arrays.fill(means, to + 2 * width, to + 3 * width, sum2 / count);
    Arrays.fill(means, to + 3 * width, to + 4 * width, sum3 / count);
  }
}
