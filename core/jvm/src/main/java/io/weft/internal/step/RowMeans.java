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
    for (int r = 0; r < rows; r++) {
      float sum = 0;
      for (int i = r * count; i < (r + 1) * count; i++) {
        sum += x[i];
      }
      Arrays.fill(means, r * width, (r + 1) * width, sum / count);
    }
  }
}
