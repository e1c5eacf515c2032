package io.weft.data;

import io.weft.spec.ImageSpec;
import java.util.Locale;

/**
 * Maps 8-bit values (0 to 255) to a number of evenly spaced levels and back, both by rounding to
 * the nearest. A value on the grid of the levels maps to itself: of up to 256 levels {@code
 * levelOf(valueOf(k)) == k} for every level {@code k}, which truncation does not give.
 *
 * @param levels how many levels, 2 to 65536
 */
public record Quantiser(int levels) {

  /** The levels of a byte: what pictures are read with. */
  public static final int MAX_LEVELS = 256;

  private static final int MAX_VALUE = MAX_LEVELS - 1;

  /**
   * Checks the number of levels.
   *
   * @throws IllegalArgumentException if it is not 2 to 65536
   */
  public Quantiser {
    if (levels < 2 || levels > ImageSpec.MAX_LEVELS) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "levels is %d; expected 2 to %d", levels, ImageSpec.MAX_LEVELS));
    }
  }

  /**
   * Returns the level nearest to an 8-bit value; halves go up.
   *
   * @param value 0 to 255
   * @return 0 to levels - 1
   */
  public int levelOf(int value) {
    return rescale(require("value", value, MAX_VALUE), MAX_VALUE, levels - 1);
  }

  /**
   * Returns the 8-bit value that a level stands for; halves go up.
   *
   * @param level 0 to levels - 1
   * @return 0 for the lowest level to 255 for the highest
   */
  public int valueOf(int level) {
    return rescale(require("level", level, levels - 1), levels - 1, MAX_VALUE);
  }

  /**
   * Returns the level of this quantiser nearest to a level of another. Going there and back is the
   * identity when this one has at least as many levels.
   *
   * @param level 0 to other.levels() - 1
   * @param other the quantiser that the level belongs to
   * @return 0 to levels - 1
   */
  public int levelOf(int level, Quantiser other) {
    return rescale(require("level", level, other.levels - 1), other.levels - 1, levels - 1);
  }

  /** Returns x / fromMax * toMax rounded to the nearest, in whole numbers and so without error. */
  private static int rescale(int x, int fromMax, int toMax) {
    return (int) ((2L * x * toMax + fromMax) / (2L * fromMax));
  }

  private static int require(String name, int x, int max) {
    if (x < 0 || x > max) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "%s is %d; expected 0 to %d", name, x, max));
    }
    return x;
  }
}
