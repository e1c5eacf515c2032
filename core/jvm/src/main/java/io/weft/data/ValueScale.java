package io.weft.data;

import java.util.Locale;

/**
 * How the stored colour values of a picture become 0 to 255.
 *
 * @param kind which way
 * @param low of {@link Kind#RANGE}: what becomes 0
 * @param high of {@link Kind#RANGE}: what becomes 255
 */
record ValueScale(Kind kind, int low, int high) {

  /** The highest value that a file can store in 16 bits. */
  static final int MOST_STORED = (1 << 16) - 1;

  /** The ways. */
  enum Kind {
    /** From 0 to the most that the file's bits can say; few bits in use are refused. */
    DECLARED,
    /** The same, and be it that few bits are in use. */
    FULL,
    /** From a lowest to a highest value; what lies outside is cut to them. */
    RANGE,
    /** Stored values, and of a palette its indices, are levels. */
    EXACT
  }

  static final ValueScale DECLARED = new ValueScale(Kind.DECLARED, 0, 0);
  static final ValueScale FULL = new ValueScale(Kind.FULL, 0, 0);
  static final ValueScale EXACT = new ValueScale(Kind.EXACT, 0, 0);

  static ValueScale range(int low, int high) {
    if (low < 0 || high <= low || high > MOST_STORED) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "values between %d and %d; expected 0 <= low < high <= %d",
              low,
              high,
              MOST_STORED));
    }
    return new ValueScale(Kind.RANGE, low, high);
  }

  boolean isExact() {
    return kind == Kind.EXACT;
  }

  /** Whether a value lies outside what is told apart. */
  boolean cuts(int value) {
    return switch (kind) {
      case DECLARED, FULL -> false;
      case RANGE -> value < low || value > high;
      case EXACT -> value > Pixels.MOST;
    };
  }

  /** Returns a value as 0 to 255, not rounded; {@code most} is what the file could say. */
  double apply(int value, int most) {
    return switch (kind) {
      case DECLARED, FULL -> (double) value * Pixels.MOST / most;
      case RANGE ->
          (double) (Math.min(high, Math.max(low, value)) - low) * Pixels.MOST / (high - low);
      case EXACT -> value;
    };
  }
}
