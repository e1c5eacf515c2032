package io.weft.data;

/** One decoded picture of 8-bit values, the channel last: 1 (grey) or 3 (red, green, blue). */
final class Pixels {

  private final int height;
  private final int width;
  private final int channels;
  private final byte[] values;

  /** Takes the array over. */
  Pixels(int height, int width, int channels, byte[] values) {
    this.height = height;
    this.width = width;
    this.channels = channels;
    this.values = values;
  }

  int height() {
    return height;
  }

  int width() {
    return width;
  }

  int channels() {
    return channels;
  }

  /** The value at an index, 0 to 255. */
  int value(int index) {
    return values[index] & 0xFF;
  }

  /** Copies all values into an array, from an offset on. */
  void copyTo(byte[] target, int offset) {
    System.arraycopy(values, 0, target, offset, values.length);
  }

  /** Red, green or blue (channel 0, 1, 2) of 0xRRGGBB. */
  static int channel(int rgb, int channel) {
    return (rgb >> (8 * (2 - channel))) & 0xFF;
  }

  /** The grey of a colour, 0 to 255: the luma of ITU-R BT.601, which JPEG uses too. */
  static double luma(int rgb) {
    return luma(channel(rgb, 0), channel(rgb, 1), channel(rgb, 2));
  }

  private static double luma(int red, int green, int blue) {
    return (299 * red + 587 * green + 114 * blue) / 1000.0;
  }

  Pixels grey() {
    if (channels == 1) {
      return this;
    }
    byte[] grey = new byte[height * width];
    for (int i = 0; i < grey.length; i++) {
      grey[i] =
          (byte)
              Math.round(
                  luma(values[3 * i] & 0xFF, values[3 * i + 1] & 0xFF, values[3 * i + 2] & 0xFF));
    }
    return new Pixels(height, width, 1, grey);
  }

  Pixels colour() {
    if (channels == 3) {
      return this;
    }
    byte[] colour = new byte[3 * values.length];
    for (int i = 0; i < colour.length; i++) {
      colour[i] = values[i / 3];
    }
    return new Pixels(height, width, 3, colour);
  }

  /** Whether red, green and blue are alike everywhere. */
  boolean isGrey() {
    for (int i = 0; i < values.length; i += channels) {
      if (values[i] != values[i + channels / 2] || values[i] != values[i + channels - 1]) {
        return false;
      }
    }
    return true;
  }
}
