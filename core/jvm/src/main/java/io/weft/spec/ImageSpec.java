package io.weft.spec;

import io.weft.expression.Shape;
import io.weft.internal.Seam;
import java.io.Serializable;

/**
 * The images that a model speaks of: height x width pixels of {@code channels} colour values, each
 * a whole number from 0 to {@code levels} - 1.
 *
 * @param height rows, 1 to 4096
 * @param width columns, 1 to 4096
 * @param channels colour values of a pixel, 1 to 4
 * @param levels values that a colour value can take, 2 to 65536; more than 256 are codes of a
 *     vector quantiser, or what else has no order (see {@code Embedding})
 */
public record ImageSpec(int height, int width, int channels, int levels) implements Serializable {

  /** The most rows or columns. */
  public static final int MAX_SIDE = 4096;

  /** The most levels, those of 16 bits. */
  public static final int MAX_LEVELS = 65_536;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a number is outside its range
   */
  public ImageSpec {
    check("height", height, 1, MAX_SIDE);
    check("width", width, 1, MAX_SIDE);
    check("channels", channels, 1, 4);
    check("levels", levels, 2, MAX_LEVELS);
  }

  private static void check(String what, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "an image's " + what + " is from " + least + " to " + most + ", found " + value);
    }
  }

  /** Returns the shape of the feature that the image is. */
  public Shape shape() {
    return new Shape(height, width, channels);
  }

  /** Returns the number of pixels. */
  public int pixels() {
    return height * width;
  }

  /** Returns the number of colour values, the dimensions of "bits per dimension". */
  public int values() {
    return pixels() * channels;
  }

  /**
   * Returns the number in [-1, 1] by which a network sees {@code level}: 2 level/(levels-1) - 1.
   */
  public float scaled(int level) {
    return 2f * level / (levels - 1) - 1;
  }

  /** Returns the numbers by which a network sees the levels, level 0 first. */
  public float[] scaledLevels() {
    float[] all = new float[levels];
    for (int level = 0; level < levels; level++) {
      all[level] = scaled(level);
    }
    return all;
  }

  /**
   * Checks that there are as many levels as an image has colour values.
   *
   * @throws IllegalArgumentException if there are more or fewer
   */
  @Seam
  public void checkLevels(int[] levels) {
    if (levels.length != values()) {
      throw new IllegalArgumentException(
          levels.length + " levels for an image of " + this + "; give " + values());
    }
  }

  /**
   * Checks that levels are those of an image.
   *
   * @param levels [row, column, channel]
   * @throws IllegalArgumentException if there are more or fewer, or one is out of range
   */
  @Seam
  public void checkImage(int[] levels) {
    checkLevels(levels);
    for (int i = 0; i < levels.length; i++) {
      if (levels[i] < 0 || levels[i] >= this.levels) {
        throw new IllegalArgumentException(
            "level "
                + levels[i]
                + " at row "
                + i / channels / width
                + ", column "
                + i / channels % width
                + ", channel "
                + i % channels
                + "; expected 0 to "
                + (this.levels - 1));
      }
    }
  }

  @Override
  public String toString() {
    return height + "x" + width + "x" + channels + ", " + levels + " levels";
  }
}
