package io.weft.internal.step;

import java.util.Arrays;

/** The means of rows. Each is added up alone, so it does not depend on how many rows there are. */
final class RowMeans {

  private RowMeans() {}

  /**
   * Writes the mean of each row as often as is asked for.
   *
   * @param x where the rows lie
   * @param count values in a row
   * @param rows how many
   * @param means takes {@code width} times the mean of each row
   */
  static void of(Rows x, int count, int rows, float[] means, int width) {
    int r = 0;
    for (; r + 4 <= rows; r += 4) {
      fourRows(x, count, r, means, width);
    }
    for (; r < rows; r++) {
      float sum = 0;
      int at = x.at(r);
      for (int i = 0; i < count; i++) {
        sum += x.numbers[at + i];
      }
      Arrays.fill(means, r * width, (r + 1) * width, sum / count);
    }
  }

  /** Four sums at a time: each number waits for the one before it in its row, not in others. */
  private static void fourRows(Rows rows, int count, int first, float[] means, int width) {
    float[] x = rows.numbers;
    int at0 = rows.at(first);
    int at1 = rows.at(first + 1);
    int at2 = rows.at(first + 2);
    int at3 = rows.at(first + 3);
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
