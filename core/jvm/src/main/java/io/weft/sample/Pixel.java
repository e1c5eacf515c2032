package io.weft.sample;

import io.weft.internal.Seam;
import java.util.Arrays;

/** A pixel that has been generated. Immutable. */
public final class Pixel {

  private final long image;
  private final int row;
  private final int column;
  private final int[] values;

  Pixel(long image, int row, int column, int[] values) {
    this.image = image;
    this.row = row;
    this.column = column;
    this.values = values;
  }

  /** Returns the same pixel at another place. */
  @Seam
  public Pixel at(int otherRow, int otherColumn) {
    return new Pixel(image, otherRow, otherColumn, values);
  }

  /** Returns the index of the image. */
  public long image() {
    return image;
  }

  /** Returns the row, from 0 at the top. */
  public int row() {
    return row;
  }

  /** Returns the column, from 0 at the left. */
  public int column() {
    return column;
  }

  /** Returns the level of a colour channel, 0 to levels - 1. */
  public int value(int channel) {
    return values[channel];
  }

  /** Returns a copy of the levels of all colour channels. */
  public int[] values() {
    return values.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Pixel p
        && image == p.image
        && row == p.row
        && column == p.column
        && Arrays.equals(values, p.values);
  }

  @Override
  public int hashCode() {
    return ((Long.hashCode(image) * 31 + row) * 31 + column) * 31 + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "image " + image + " (" + row + ", " + column + ") " + Arrays.toString(values);
  }
}
