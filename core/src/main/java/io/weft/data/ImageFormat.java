package io.weft.data;

/**
 * The form that all images of a set share.
 *
 * @param height rows, 1 to 8192
 * @param width columns, 1 to 8192
 * @param channels values per pixel, 1 to 64 (1 grey, 3 red, green, blue)
 * @param levels values that one channel can take, 2 to 256
 */
public record ImageFormat(int height, int width, int channels, int levels) {

  /** The most rows or columns. */
  public static final int MAX_SIDE = 8192;

  /** The most values per pixel. */
  public static final int MAX_CHANNELS = 64;

  /**
   * Checks the four numbers.
   *
   * @throws IllegalArgumentException if one is out of its range, or one image has 2^31 values or
   *     more
   */
  public ImageFormat {
    require("height", height, 1, MAX_SIDE);
    require("width", width, 1, MAX_SIDE);
    require("channels", channels, 1, MAX_CHANNELS);
    require("levels", levels, 2, Quantiser.MAX_LEVELS);
    if ((long) height * width * channels > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "an image of %dx%dx%d has more than 2^31 - 1 values; use smaller images"
              .formatted(height, width, channels));
    }
  }

  /**
   * Returns the values of one image, height * width * channels.
   *
   * @return the number of values, also called dimensions
   */
  public int values() {
    return height * width * channels;
  }

  /**
   * Returns this format with another number of levels.
   *
   * @param newLevels 2 to 256
   * @return the changed format
   */
  public ImageFormat withLevels(int newLevels) {
    return new ImageFormat(height, width, channels, newLevels);
  }

  @Override
  public String toString() {
    return "%dx%dx%d, %d levels".formatted(height, width, channels, levels);
  }

  private static void require(String name, int value, int low, int high) {
    if (value < low || value > high) {
      throw new IllegalArgumentException(
          "%s is %d; expected %d to %d".formatted(name, value, low, high));
    }
  }
}
