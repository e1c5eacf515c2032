package io.weft.data;

import io.weft.internal.random.SplitMix;
import java.util.Arrays;
import java.util.Locale;

/** Which of so many images are to learn from, and which to measure on. */
final class SplitIndices {

  /** Those to learn from. */
  final int[] train;

  /** Those to measure on. */
  final int[] validation;

  private SplitIndices(int[] train, int[] validation) {
    this.train = train;
    this.validation = validation;
  }

  static SplitIndices of(int size, double validationFraction, long seed) {
    if (!(validationFraction > 0 && validationFraction < 1)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "validation fraction %s; expected more than 0 and less than 1",
              validationFraction));
    }
    if (size < 2) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "a split of %d images; expected at least 2, one for each part", size));
    }
    int rounded = (int) Math.round(validationFraction * size);
    int validation = Math.min(size - 1, Math.max(1, rounded));
    int[] shuffled = new SplitMix(seed).permutation(size);
    return new SplitIndices(
        Arrays.copyOfRange(shuffled, validation, size), Arrays.copyOf(shuffled, validation));
  }
}
