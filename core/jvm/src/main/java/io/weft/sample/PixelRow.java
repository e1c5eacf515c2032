package io.weft.sample;

import java.util.Arrays;
import java.util.Objects;

/** A row of an image, all of whose pixels have been generated. Immutable. */
public final class PixelRow {

  private final long image;
  private final int row;
  private final int channels;
  private final int[] values;

  PixelRow(long image, int row, int channels, int[] values) {
    this.image = image;
    this.row = row;
    this.channels = channels;
    this.values = values;
  }

  /** Returns the index of the image. */
  public long image() {
    return image;
  }

  /** Returns the row, from 0 at the top. */
  public int row() {
    return row;
  }

  /** Returns the level of a colour channel at a column, 0 to levels - 1. */
  public int value(int column, int channel) {
    Objects.checkIndex(channel, channels);
    return values[column * channels + channel];
  }

  /** Returns a copy of all levels in the order [column, channel]. */
  public int[] values() {
    return values.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PixelRow r
        && image == r.image
        && row == r.row
        && channels == r.channels
        && Arrays.equals(values, r.values);
  }

  @Override
  public int hashCode() {
    return (Long.hashCode(image) * 31 + row) * 31 + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "image " + image + " row " + row + " " + Arrays.toString(values);
  }
}
