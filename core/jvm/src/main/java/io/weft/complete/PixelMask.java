package io.weft.complete;

import io.weft.image.Picture;
import io.weft.order.GenerationOrder;
import io.weft.spec.ImageSpec;
import java.io.Serializable;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Which pixels of an image are known, in any shape; the others are missing. At least one pixel is
 * known and at least one is missing. Immutable.
 */
public final class PixelMask implements Serializable {

  private static final long serialVersionUID = 1L;

  /**
   * From this value on (of 0 to 255, the mean over channels) a pixel of a mask picture is white.
   */
  private static final int WHITE = 128;

  private static final int OPAQUE = 255;

  private final int height;
  private final int width;
  private final BitSet known;

  private PixelMask(int height, int width, Known known) {
    this.height = height;
    this.width = width;
    this.known = new BitSet(height * width);
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        this.known.set(row * width + column, known.at(row, column));
      }
    }
    if (this.known.isEmpty()) {
      throw new IllegalArgumentException(
          "a mask of "
              + height
              + "x"
              + width
              + " under which no pixel is known; leave at least one, or sample whole images");
    }
    if (missing() == 0) {
      throw new IllegalArgumentException(
          "a mask of "
              + height
              + "x"
              + width
              + " under which every pixel is known; there is nothing to complete");
    }
  }

  /** Says of each pixel whether it is known. */
  @FunctionalInterface
  public interface Known {

    /**
     * Returns whether a pixel is known.
     *
     * @param row from 0 at the top
     * @param column from 0 at the left
     */
    boolean at(int row, int column);
  }

  /**
   * Returns the mask that a function of the place says.
   *
   * @param height rows, 1 to 4096
   * @param width columns, 1 to 4096
   * @throws IllegalArgumentException if a side is out of range, or no pixel is known, or every one
   */
  public static PixelMask of(int height, int width, Known known) {
    Objects.requireNonNull(known, "known");
    for (int side : new int[] {height, width}) {
      if (side < 1 || side > ImageSpec.MAX_SIDE) {
        throw new IllegalArgumentException(
            "a mask has 1 to " + ImageSpec.MAX_SIDE + " rows and columns, found " + side);
      }
    }
    return new PixelMask(height, width, known);
  }

  /**
   * Returns a mask of an array.
   *
   * @param known [row][column], true where the pixel is known
   * @throws IllegalArgumentException if the rows differ in length, or no pixel is known, or every
   *     one
   */
  public static PixelMask of(boolean[][] known) {
    int width = known.length == 0 ? 0 : known[0].length;
    for (int row = 0; row < known.length; row++) {
      if (known[row].length != width) {
        throw new IllegalArgumentException(
            "row "
                + row
                + " of the mask has "
                + known[row].length
                + " columns, row 0 has "
                + width
                + "; give every row the same");
      }
    }
    return of(known.length, width, (row, column) -> known[row][column]);
  }

  /**
   * Returns the mask of images with a rectangular hole, known everywhere else.
   *
   * @param x the first missing column, from 0 at the left
   * @param y the first missing row, from 0 at the top
   * @param width the missing columns, at least 1
   * @param height the missing rows, at least 1
   * @throws IllegalArgumentException if the hole is empty, reaches beyond the image, or covers it
   */
  public static PixelMask hole(ImageSpec image, int x, int y, int width, int height) {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "a hole has at least 1 column and 1 row, found " + width + " and " + height);
    }
    if (x < 0 || y < 0 || (long) x + width > image.width() || (long) y + height > image.height()) {
      throw new IllegalArgumentException(
          "a hole of columns "
              + x
              + " to "
              + ((long) x + width - 1)
              + " and rows "
              + y
              + " to "
              + ((long) y + height - 1)
              + " reaches beyond images of "
              + image.width()
              + " columns and "
              + image.height()
              + " rows; keep it inside");
    }
    return of(
        image.height(),
        image.width(),
        (row, column) -> row < y || row >= y + height || column < x || column >= x + width);
  }

  /**
   * Returns the mask of images of which one half is missing. Of an odd number of rows or columns
   * the middle one is known.
   *
   * @throws IllegalArgumentException if the half is empty, in images of one row or one column
   */
  public static PixelMask withoutHalf(ImageSpec image, Half missing) {
    int height = image.height();
    int width = image.width();
    return of(height, width, (row, column) -> !missing.contains(row, column, height, width));
  }

  /**
   * Returns the mask that a picture shows, as drawing programs paint what is to be filled: white is
   * missing, black is known. A pixel is white from the value 128 on, the mean over channels; how
   * opaque it is does not matter.
   *
   * @throws IllegalArgumentException if no pixel is known, or every one
   */
  public static PixelMask whiteIsMissing(Picture picture) {
    return of(picture.height(), picture.width(), (row, column) -> !isWhite(picture, row, column));
  }

  /**
   * Returns the mask that a picture shows out of which what is to be filled was cut: what is not
   * wholly opaque is missing.
   *
   * @throws IllegalArgumentException if no pixel is known, or every one
   */
  public static PixelMask transparentIsMissing(Picture picture) {
    return of(picture.height(), picture.width(), (row, column) -> isOpaque(picture, row, column));
  }

  /**
   * Returns the mask that a picture shows: {@link #transparentIsMissing} if anything is cut out of
   * it, otherwise {@link #whiteIsMissing}.
   *
   * @throws IllegalArgumentException if no pixel is known, or every one; or if all that is not cut
   *     out is white, so that either could be meant
   */
  public static PixelMask shownBy(Picture picture) {
    boolean isCut = false;
    boolean isWhite = true;
    for (int i = 0; i < picture.height() * picture.width(); i++) {
      int row = i / picture.width();
      int column = i % picture.width();
      isCut |= !isOpaque(picture, row, column);
      isWhite &= !isOpaque(picture, row, column) || isWhite(picture, row, column);
    }
    if (isCut && isWhite) {
      throw new IllegalArgumentException(
          "a mask of white and transparent pixels, either of which could be what is missing;"
              + " paint what is known black");
    }
    return isCut ? transparentIsMissing(picture) : whiteIsMissing(picture);
  }

  private static boolean isOpaque(Picture picture, int row, int column) {
    return !picture.hasAlpha() || picture.value(row, column, picture.channels() - 1) == OPAQUE;
  }

  private static boolean isWhite(Picture picture, int row, int column) {
    int colours = picture.channels() - (picture.hasAlpha() ? 1 : 0);
    int sum = 0;
    for (int channel = 0; channel < colours; channel++) {
      sum += picture.value(row, column, channel);
    }
    return sum >= WHITE * colours;
  }

  /** Returns the number of rows. */
  public int height() {
    return height;
  }

  /** Returns the number of columns. */
  public int width() {
    return width;
  }

  /** Returns how many pixels are missing, at least 1. */
  public int missing() {
    return height * width - known.cardinality();
  }

  /**
   * Returns whether a pixel is known.
   *
   * @throws IndexOutOfBoundsException if there is no such pixel
   */
  public boolean isKnown(int row, int column) {
    Objects.checkIndex(row, height);
    Objects.checkIndex(column, width);
    return known.get(row * width + column);
  }

  /**
   * Returns whether the pixel at a row-major position is known.
   *
   * @throws IndexOutOfBoundsException if there is no such pixel
   */
  public boolean isKnown(int position) {
    return known.get(Objects.checkIndex(position, height * width));
  }

  /**
   * Returns an order under which every known pixel is context for every missing one: the known
   * pixels first, then the missing ones, both as they come in one of {@code trained}. It is the one
   * that the fewest known pixels have to be brought forward in, the first of several such; if none
   * have to, it is returned as it is.
   *
   * @param trained generation orders of images of this size, at least one
   * @throws IllegalArgumentException if there is none, or they are of images of another size
   */
  public GenerationOrder knownFirst(List<GenerationOrder> trained) {
    GenerationOrder base =
        trained.stream()
            .min(Comparator.comparingInt(this::knownAfterMissing))
            .orElseThrow(() -> new IllegalArgumentException("give at least one order"));
    if (isKnownFirst(base)) {
      return base;
    }
    IntPredicate isKnown = this::isKnown;
    int[] positions = base.positions();
    return GenerationOrder.of(
        height,
        width,
        IntStream.concat(
                Arrays.stream(positions).filter(isKnown),
                Arrays.stream(positions).filter(isKnown.negate()))
            .toArray());
  }

  /**
   * Returns whether every known pixel comes before every missing one, and so is context for it.
   *
   * @throws IllegalArgumentException if the order is of images of another size
   */
  public boolean isKnownFirst(GenerationOrder order) {
    return knownAfterMissing(order) == 0;
  }

  /**
   * Returns how many known pixels come after some missing one, and so are no context for it; 0
   * where {@link #isKnownFirst}.
   *
   * @throws IllegalArgumentException if the order is of images of another size
   */
  public int knownAfterMissing(GenerationOrder order) {
    check(order);
    int first = 0;
    while (known.get(order.position(first))) {
      first++;
    }
    return known.cardinality() - first;
  }

  private void check(GenerationOrder order) {
    if (order.height() != height || order.width() != width) {
      throw new IllegalArgumentException(
          "a mask of " + height + "x" + width + " and the order " + order + "; give one size");
    }
  }

  /**
   * Checks that this is a mask of images of one kind.
   *
   * @throws IllegalArgumentException if it is of another size
   */
  public void check(ImageSpec image) {
    if (height != image.height() || width != image.width()) {
      throw new IllegalArgumentException(
          "a mask of "
              + height
              + " rows and "
              + width
              + " columns for images of "
              + image.height()
              + " and "
              + image.width()
              + "; give one of the images' size");
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PixelMask mask
        && height == mask.height
        && width == mask.width
        && known.equals(mask.known);
  }

  @Override
  public int hashCode() {
    return (height * 31 + width) * 31 + known.hashCode();
  }

  @Override
  public String toString() {
    return height + "x" + width + ", " + missing() + " pixels missing";
  }
}
