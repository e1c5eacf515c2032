package io.weft.complete;

import io.weft.data.ImageSet;
import io.weft.image.Picture;
import io.weft.spec.ImageSpec;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Objects;

/**
 * An image of which some pixels are known: their levels, and which they are. Immutable.
 *
 * <pre>{@code
 * KnownPixels torn =
 *     KnownPixels.of(images, 7, PixelMask.withoutHalf(images.spec(), Half.BOTTOM));
 * }</pre>
 */
public final class KnownPixels implements Serializable {

  private static final long serialVersionUID = 1L;

  /** What missing pixels look like: no grey, so that nobody takes it for a level. */
  private static final int[] MISSING = {60, 110, 150};

  private final ImageSpec image;
  private final PixelMask mask;
  private final int[] levels;

  private KnownPixels(ImageSpec image, PixelMask mask, int[] levels) {
    this.image = image;
    this.mask = mask;
    this.levels = levels;
  }

  /**
   * Returns the known pixels of an image.
   *
   * @param levels [row, column, channel], each 0 to levels - 1; those of missing pixels are not
   *     looked at
   * @param known which pixels are known
   * @throws IllegalArgumentException if mask or levels have another size, or a known level is out
   *     of range
   */
  public static KnownPixels of(ImageSpec image, int[] levels, PixelMask known) {
    Objects.requireNonNull(image, "image");
    Objects.requireNonNull(levels, "levels");
    Objects.requireNonNull(known, "known");
    known.check(image);
    image.checkLevels(levels);
    int[] kept = new int[levels.length];
    for (int i = 0; i < kept.length; i++) {
      int position = i / image.channels();
      if (known.isKnown(position)) {
        if (levels[i] < 0 || levels[i] >= image.levels()) {
          throw new IllegalArgumentException(
              "level "
                  + levels[i]
                  + " at pixel ("
                  + position / image.width()
                  + ", "
                  + position % image.width()
                  + "), which is known; levels are 0 to "
                  + (image.levels() - 1));
        }
        kept[i] = levels[i];
      }
    }
    return new KnownPixels(image, known, kept);
  }

  /**
   * Returns the known pixels of one image of a set.
   *
   * @param index 0 to images.size() - 1
   * @throws IllegalArgumentException if the mask has another size
   * @throws IndexOutOfBoundsException if there is no such image
   */
  public static KnownPixels of(ImageSet images, int index, PixelMask known) {
    return of(images.spec(), images.image(index), known);
  }

  /** Returns height, width, channels and levels of the image. */
  public ImageSpec spec() {
    return image;
  }

  /** Returns which pixels are known. */
  public PixelMask mask() {
    return mask;
  }

  /**
   * Returns the level of a known pixel.
   *
   * @throws IllegalArgumentException if the pixel is missing
   * @throws IndexOutOfBoundsException if there is no such pixel or channel
   */
  public int level(int row, int column, int channel) {
    if (!mask.isKnown(row, column)) {
      throw new IllegalArgumentException(
          "pixel (" + row + ", " + column + ") is missing; ask mask().isKnown before");
    }
    Objects.checkIndex(channel, image.channels());
    return levels[(row * image.width() + column) * image.channels() + channel];
  }

  /** Returns a copy of all levels in the order [row, column, channel], 0 where one is missing. */
  public int[] levels() {
    return levels.clone();
  }

  /** Returns a picture, in which missing pixels are blue; transparent ones lie on squares. */
  public Picture picture() {
    Picture whole = Picture.of(image, levels).chequered().coloured();
    return Picture.of(
        image.height(),
        image.width(),
        3,
        (row, column, channel) ->
            mask.isKnown(row, column) ? whole.value(row, column, channel) : MISSING[channel]);
  }

  /**
   * Checks that these are pixels of images of one kind.
   *
   * @throws IllegalArgumentException if they are of images of another size, or of other levels
   */
  public void check(ImageSpec spec) {
    if (!image.equals(spec)) {
      throw new IllegalArgumentException(
          "the model is for images of "
              + spec
              + ", these known pixels are of "
              + image
              + "; bring the image to the model's size and levels");
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof KnownPixels k
        && image.equals(k.image)
        && mask.equals(k.mask)
        && Arrays.equals(levels, k.levels);
  }

  @Override
  public int hashCode() {
    return (image.hashCode() * 31 + mask.hashCode()) * 31 + Arrays.hashCode(levels);
  }

  @Override
  public String toString() {
    return "known pixels of " + image + ", " + mask.missing() + " missing";
  }
}
