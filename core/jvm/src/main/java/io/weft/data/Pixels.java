package io.weft.data;

import java.util.zip.CRC32C;

/**
 * One decoded picture of 8-bit values, the channel last: grey or red, green, blue, and after them
 * how opaque the pixel is, if that is kept.
 */
final class Pixels {

  static final int MOST = 255;

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

  boolean hasAlpha() {
    return channels % 2 == 0;
  }

  boolean hasColours() {
    return channels > 2;
  }

  /** The value at an index, 0 to 255. */
  int value(int index) {
    return values[index] & 0xFF;
  }

  /** Makes a picture of levels, 0 to 255. */
  static Pixels of(int height, int width, int channels, int[] levels) {
    byte[] values = new byte[levels.length];
    for (int i = 0; i < levels.length; i++) {
      values[i] = (byte) levels[i];
    }
    return new Pixels(height, width, channels, values);
  }

  /** Returns a checksum of size and values (CRC-32C), by which a change is found. */
  int checksum() {
    CRC32C checksum = new CRC32C();
    checksum.update(values);
    checksum.update(height);
    checksum.update(width >> Byte.SIZE);
    checksum.update(width);
    checksum.update(channels);
    return (int) checksum.getValue();
  }

  /** Returns all values, 0 to 255. */
  int[] levels() {
    int[] levels = new int[values.length];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = value(i);
    }
    return levels;
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
    if (!hasColours()) {
      return this;
    }
    int newChannels = channels - 2;
    byte[] grey = new byte[height * width * newChannels];
    for (int pixel = 0; pixel < height * width; pixel++) {
      int from = pixel * channels;
      int to = pixel * newChannels;
      grey[to] = (byte) Math.round(luma(value(from), value(from + 1), value(from + 2)));
      if (hasAlpha()) {
        grey[to + 1] = values[from + 3];
      }
    }
    return new Pixels(height, width, newChannels, grey);
  }

  Pixels colour() {
    if (hasColours()) {
      return this;
    }
    int newChannels = channels + 2;
    byte[] colour = new byte[height * width * newChannels];
    for (int i = 0; i < colour.length; i++) {
      int channel = i % newChannels;
      colour[i] = values[i / newChannels * channels + (channel < 3 ? 0 : 1)];
    }
    return new Pixels(height, width, newChannels, colour);
  }

  /** Whether red, green and blue are alike everywhere. */
  boolean isGrey() {
    if (!hasColours()) {
      return true;
    }
    for (int i = 0; i < values.length; i += channels) {
      if (values[i] != values[i + 1] || values[i] != values[i + 2]) {
        return false;
      }
    }
    return true;
  }
}
