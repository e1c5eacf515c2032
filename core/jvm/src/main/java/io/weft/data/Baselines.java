package io.weft.data;

import io.weft.advice.Advice;
import io.weft.advice.AdvisedException;
import java.util.Arrays;
import java.util.Locale;

/**
 * What models without any idea of images reach, in bits per dimension on the validation images; a
 * model that learned something lies well below both.
 *
 * @param uniform every level equally likely: log2(levels)
 * @param marginal each position (row, column, channel) has a distribution of its own, counted on
 *     the training images with one added to each count (Laplace), and nothing else is known
 */
public record Baselines(double uniform, double marginal) {

  private static final int MOST_COUNTS = 1 << 22;

  /**
   * Counts on one set and measures on another.
   *
   * @param train at least one image
   * @param validation at least one image, with the spec of {@code train}
   * @return both baselines, in bits per dimension
   * @throws IllegalArgumentException if a set is empty or the specs differ
   */
  public static Baselines of(ImageSet train, ImageSet validation) {
    if (!train.spec().equals(validation.spec())) {
      throw new AdvisedException(
          String.format(
              Locale.ROOT,
              "training images of %s, validation images of %s; expected the same",
              train.spec(),
              validation.spec()),
          Advice.QUANTISE);
    }
    if (train.size() == 0 || validation.size() == 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%d training and %d validation images; expected at least one each",
              train.size(),
              validation.size()));
    }
    int levels = train.levels();
    double uniform = StrictMath.log(levels) / StrictMath.log(2);
    double nats = 0;
    int line = train.width() * train.channels();
    // The counts of a whole large image would not fit in memory.
    int rows =
        Math.max(1, Math.min(train.height(), MOST_COUNTS / Math.multiplyExact(line, levels)));
    for (int row = 0; row < train.height(); row += rows) {
      int from = row * line;
      int to = Math.min(row + rows, train.height()) * line;
      int[] counts = new int[(to - from) * levels];
      Arrays.fill(counts, 1);
      count(train, from, to, counts);
      int[] seen = new int[counts.length];
      count(validation, from, to, seen);
      double total = train.size() + levels;
      for (int i = 0; i < counts.length; i++) {
        nats -= seen[i] * StrictMath.log(counts[i] / total);
      }
    }
    double dimensions = (double) validation.size() * validation.spec().values();
    return new Baselines(uniform, nats / StrictMath.log(2) / dimensions);
  }

  /** Counts the levels of each value from one on up to another. */
  private static void count(ImageSet set, int from, int to, int[] counts) {
    int levels = set.levels();
    set.look(
        (image, values) -> {
          for (int i = from; i < to; i++) {
            counts[(i - from) * levels + values[i]]++;
          }
        });
  }
}
