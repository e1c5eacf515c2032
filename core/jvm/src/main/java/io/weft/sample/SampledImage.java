package io.weft.sample;

import io.weft.image.Picture;
import io.weft.spec.ImageSpec;
import java.util.Arrays;
import java.util.Objects;

/** A generated image. Immutable. */
public final class SampledImage {

  private final long index;
  private final ImageSpec image;
  private final int[] levels;

  SampledImage(long index, ImageSpec image, int[] levels) {
    this.index = index;
    this.image = image;
    this.levels = levels;
  }

  /** Returns the index of the image: with the seed, what it is a function of. */
  public long index() {
    return index;
  }

  /** Returns height, width, channels and levels. */
  public ImageSpec spec() {
    return image;
  }

  /**
   * Returns one level, 0 to levels - 1.
   *
   * @throws IndexOutOfBoundsException if there is no such pixel or channel
   */
  public int value(int row, int column, int channel) {
    Objects.checkIndex(row, image.height());
    Objects.checkIndex(column, image.width());
    Objects.checkIndex(channel, image.channels());
    return levels[(row * image.width() + column) * image.channels() + channel];
  }

  /** Returns a copy of all levels in the order [row, column, channel]. */
  public int[] levels() {
    return levels.clone();
  }

  /**
   * Returns the image as a picture, the lowest level black and the highest white; of 2 or 4
   * channels the last says how opaque a pixel is.
   */
  public Picture picture() {
    return Picture.of(image, levels);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SampledImage s
        && index == s.index
        && image.equals(s.image)
        && Arrays.equals(levels, s.levels);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(index) * 31 + Arrays.hashCode(levels);
  }

  @Override
  public String toString() {
    return "image " + index + " of " + image;
  }
}
