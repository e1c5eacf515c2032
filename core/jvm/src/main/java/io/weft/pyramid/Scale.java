package io.weft.pyramid;

import io.weft.complete.PixelMask;
import io.weft.data.ImageSet;
import io.weft.data.Variation;
import io.weft.data.Visit;
import io.weft.sample.Pixel;
import io.weft.spec.ImageSpec;

/**
 * How a small image lies in a large one: as every so many rows and columns of it, the first ones
 * included. A small image is so a <em>part</em> of the large one, and the likelihood of the large
 * image is exactly that of the small one times that of all other pixels given it. (Of averaged
 * pixels it could only be bounded.)
 *
 * @param factor how many rows and columns of the large image there are to one of the small one; at
 *     least 2
 */
public record Scale(int factor) {

  /**
   * Checks the factor.
   *
   * @throws IllegalArgumentException if it is below 2, or beyond any image
   */
  public Scale {
    if (factor < 2 || factor > ImageSpec.MAX_SIDE) {
      throw new IllegalArgumentException(
          "a small image has every 2nd to "
              + ImageSpec.MAX_SIDE
              + "th row and column, found "
              + factor);
    }
  }

  /**
   * Returns the scale of small images that have every {@code factor}-th row and column.
   *
   * @param factor at least 2
   */
  public static Scale subsample(int factor) {
    return new Scale(factor);
  }

  /**
   * Returns the small images of large ones: height and width by the factor, rounded up.
   *
   * @throws IllegalArgumentException if the large images are of one pixel, and have no smaller
   */
  public ImageSpec small(ImageSpec large) {
    if (large.pixels() == 1) {
      throw new IllegalArgumentException("there is no smaller image than one of 1x1");
    }
    return new ImageSpec(
        (large.height() - 1) / factor + 1,
        (large.width() - 1) / factor + 1,
        large.channels(),
        large.levels());
  }

  /** Returns whether a pixel of the large image is one of the small image. */
  public boolean isSmall(int row, int column) {
    return row % factor == 0 && column % factor == 0;
  }

  /** Returns which pixels of a large image are known with the small one. */
  public PixelMask known(ImageSpec large) {
    return PixelMask.of(large.height(), large.width(), this::isSmall);
  }

  /** Returns how many pixels of the small image are known, of the large one's that are. */
  int knownOfSmall(PixelMask large) {
    int known = 0;
    for (int row = 0; row < large.height(); row += factor) {
      for (int column = 0; column < large.width(); column += factor) {
        known += large.isKnown(row, column) ? 1 : 0;
      }
    }
    return known;
  }

  /** Returns which pixels of the small image are known: some, and some are not. */
  PixelMask small(PixelMask large) {
    return PixelMask.of(
        (large.height() - 1) / factor + 1,
        (large.width() - 1) / factor + 1,
        (row, column) -> large.isKnown(row * factor, column * factor));
  }

  /** Returns which pixels the large model is given: those that are known, and the small image's. */
  PixelMask given(PixelMask large) {
    return PixelMask.of(
        large.height(),
        large.width(),
        (row, column) -> isSmall(row, column) || large.isKnown(row, column));
  }

  /**
   * Returns the levels of the small image of a large one, both [row, column, channel].
   *
   * @param large what the large image is like
   */
  public int[] small(ImageSpec large, int[] levels) {
    ImageSpec small = small(large);
    int[] found = new int[small.values()];
    for (int i = 0; i < found.length; i++) {
      found[i] = levels[inLarge(small, large, i)];
    }
    return found;
  }

  /** Returns a pixel in its place in the large image: of the small image's, the one that it is. */
  public Pixel inLarge(ScaledPixel scaled) {
    Pixel pixel = scaled.pixel();
    return scaled.size() == Size.LARGE
        ? pixel
        : pixel.at(pixel.row() * factor, pixel.column() * factor);
  }

  /** Returns the place of a small image's value among those of the large one. */
  int inLarge(ImageSpec small, ImageSpec large, int value) {
    int channel = value % small.channels();
    int position = value / small.channels();
    int row = position / small.width() * factor;
    int column = position % small.width() * factor;
    return (row * large.width() + column) * large.channels() + channel;
  }

  /** Returns the small images of a set of large ones, in their order, without labels. */
  public ImageSet small(ImageSet large) {
    return large.unlabelled().varied(new Smaller());
  }

  private final class Smaller implements Variation {
    @Override
    public ImageSpec spec(ImageSpec images) {
      return small(images);
    }

    @Override
    public int[] apply(ImageSpec images, int[] levels, Visit visit) {
      return small(images, levels);
    }

    @Override
    public String toString() {
      return Scale.this.toString();
    }
  }

  @Override
  public String toString() {
    return "every row and column whose number is a multiple of " + factor;
  }
}
