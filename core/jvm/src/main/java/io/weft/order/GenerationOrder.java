package io.weft.order;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The order in which the pixels of an image are generated, a permutation of its height x width
 * positions. Within a pixel, colour channels follow one another. Immutable; two orders are equal if
 * they go the same way through images of the same size.
 *
 * <pre>{@code
 * GenerationOrder.hilbert(28, 28).flipRows()
 * GenerationOrder.named("hilbert+flip-rows", 28, 28) // the same
 * }</pre>
 *
 * <p>The orders of locally masked PixelCNN (Jain, Abbeel and Pathak 2020, arXiv 2006.12486) are
 * here by name, and any other can be given as a permutation.
 */
public final class GenerationOrder {

  private static final int MAX_SIDE = 4096;

  private static final String PERMUTATION = "permutation";

  private final Curve curve;
  private final String base;
  private final Symmetry symmetry;
  private final int height;
  private final int width;
  private final int[] positions;
  private final int[] ranks;
  private final int hash;

  private GenerationOrder(Curve curve, String base, Symmetry symmetry, int height, int width) {
    checkSide("height", height);
    checkSide("width", width);
    this.curve = curve;
    this.base = base;
    this.symmetry = symmetry;
    this.height = height;
    this.width = width;
    positions = symmetry.apply(curve, height, width);
    ranks = new int[positions.length];
    for (int rank = 0; rank < positions.length; rank++) {
      ranks[positions[rank]] = rank;
    }
    hash = 31 * width + Arrays.hashCode(positions);
  }

  private static void checkSide(String what, int size) {
    if (size < 1 || size > MAX_SIDE) {
      throw new IllegalArgumentException(
          "an order is for images of a " + what + " from 1 to " + MAX_SIDE + ", found " + size);
    }
  }

  /** Returns the order row by row from the top, each from the left. */
  public static GenerationOrder raster(int height, int width) {
    return new GenerationOrder(Curve::raster, OrderNames.RASTER, Symmetry.NONE, height, width);
  }

  /** Returns the order row by row from the top, from the left and from the right in turn. */
  public static GenerationOrder sCurve(int height, int width) {
    return new GenerationOrder(Curve::sCurve, OrderNames.S_CURVE, Symmetry.NONE, height, width);
  }

  /**
   * Returns the order along Hilbert's curve, which fills one part of the image before it goes on to
   * the next. For images of any size: each pixel is next to the one before. (Where the longer side
   * is even and the shorter one odd, or both are of one kind, the curve follows the longer side.)
   */
  public static GenerationOrder hilbert(int height, int width) {
    return new GenerationOrder(Curve::hilbert, OrderNames.HILBERT, Symmetry.NONE, height, width);
  }

  /**
   * Returns a random order.
   *
   * @param seed any number; it decides the order, with the size of the images
   */
  public static GenerationOrder random(int height, int width, long seed) {
    return new GenerationOrder(
        Curve.random(seed), OrderNames.random(seed), Symmetry.NONE, height, width);
  }

  /**
   * Returns the order that a permutation says.
   *
   * @param positions for each pixel in order its row-major position, row x width + column
   * @throws IllegalArgumentException if it has another length than height x width, a position
   *     outside the image, or one twice
   */
  public static GenerationOrder of(int height, int width, int... positions) {
    checkSide("height", height);
    checkSide("width", width);
    int[] own = checked(height, width, positions.clone());
    return new GenerationOrder(
        (h, w) -> resized(own, height, width, h, w), PERMUTATION, Symmetry.NONE, height, width);
  }

  private static int[] checked(int height, int width, int[] positions) {
    int pixels = height * width;
    if (positions.length != pixels) {
      throw new IllegalArgumentException(
          "an order of "
              + height
              + " x "
              + width
              + " has "
              + pixels
              + " positions, found "
              + positions.length
              + "; name every pixel once");
    }
    int[] places = new int[pixels];
    Arrays.fill(places, -1);
    for (int rank = 0; rank < pixels; rank++) {
      int position = positions[rank];
      if (position < 0 || position >= pixels) {
        throw new IllegalArgumentException(
            "an order of "
                + height
                + " x "
                + width
                + " has positions from 0 to "
                + (pixels - 1)
                + " (row x "
                + width
                + " + column), found "
                + position
                + " as number "
                + rank);
      }
      if (places[position] >= 0) {
        throw new IllegalArgumentException(
            "an order names every pixel once, but ("
                + position / width
                + ", "
                + position % width
                + ") is number "
                + places[position]
                + " and number "
                + rank);
      }
      places[position] = rank;
    }
    return positions;
  }

  /** A permutation is for one size of images; laid on its side, only a square one stays. */
  private static int[] resized(int[] positions, int height, int width, int toHeight, int toWidth) {
    if (toHeight != height || toWidth != width) {
      throw new IllegalArgumentException(
          "a permutation of "
              + height
              + " x "
              + width
              + " pixels has no transpose: that would be"
              + " an order of "
              + width
              + " x "
              + height
              + " images; give that permutation itself,"
              + " or transpose an order that has a name");
    }
    return positions.clone();
  }

  /**
   * Returns the order with a name: raster, s-curve, hilbert or random:SEED, and any of +flip-rows,
   * +flip-columns, +rotate180 and +transpose after it, applied in turn.
   *
   * @throws IllegalArgumentException if there is no such order
   */
  public static GenerationOrder named(String name, int height, int width) {
    return OrderNames.parse(Objects.requireNonNull(name, "name"), height, width);
  }

  /**
   * Returns eight orders made of one: itself, with rows, columns, or both flipped, and all of that
   * transposed ({@code base.transpose()} before the flips). Those that are equal are given once.
   *
   * @throws IllegalArgumentException if {@code base} is a permutation of an image that is not
   *     square
   */
  public static List<GenerationOrder> eight(GenerationOrder base) {
    return Stream.of(base, base.transpose())
        .flatMap(o -> Stream.of(o, o.flipRows(), o.flipColumns(), o.rotate180()))
        .distinct()
        .toList();
  }

  private GenerationOrder moved(Symmetry to) {
    return new GenerationOrder(curve, base, to, height, width);
  }

  /** Returns this order upside down: what went down goes up. */
  public GenerationOrder flipRows() {
    return moved(symmetry.flipRows());
  }

  /** Returns this order in a mirror: what went right goes left. */
  public GenerationOrder flipColumns() {
    return moved(symmetry.flipColumns());
  }

  /** Returns this order turned by 180 degrees: rows and columns flipped. */
  public GenerationOrder rotate180() {
    return moved(symmetry.flipRows().flipColumns());
  }

  /**
   * Returns this order with rows and columns exchanged: what went along rows goes along columns.
   * Where the image is not square it is the order of this name for width x height, laid on its
   * side; raster then goes down the first column, then the second, as in a square.
   *
   * @throws IllegalArgumentException if this is a permutation of an image that is not square
   */
  public GenerationOrder transpose() {
    return moved(symmetry.transpose());
  }

  /** Returns the rows of the images. */
  public int height() {
    return height;
  }

  /** Returns the columns of the images. */
  public int width() {
    return width;
  }

  /** Returns the number of pixels. */
  public int pixels() {
    return positions.length;
  }

  /** Returns the row-major position of the pixel that is generated as number {@code rank}. */
  public int position(int rank) {
    return positions[rank];
  }

  /** Returns the number, from 0, under which the pixel at {@code position} is generated. */
  public int rank(int position) {
    return ranks[position];
  }

  /** Returns the row-major positions of all pixels in order. */
  public int[] positions() {
    return positions.clone();
  }

  /**
   * Returns whether this is raster order, mirrored or transposed or both, so that an image can be
   * turned such that it is raster order.
   */
  public boolean isTurnedRaster() {
    int across = width == 1 ? 0 : positions[1] - positions[0];
    int down = height == 1 ? 0 : positions[width] - positions[0];
    for (int rank = 0; rank < positions.length; rank++) {
      if (positions[rank] != positions[0] + rank / width * down + rank % width * across) {
        return false;
      }
    }
    return true;
  }

  /** Returns whether the order is row by row from the top, each from the left. */
  public boolean isRaster() {
    return IntStream.range(0, positions.length).allMatch(i -> positions[i] == i);
  }

  /** Returns the name that {@link #named} knows the order by; none for a permutation. */
  public Optional<String> name() {
    return base.equals(PERMUTATION) ? Optional.empty() : Optional.of(base + symmetry.suffix());
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof GenerationOrder order
            && hash == order.hash
            && width == order.width
            && Arrays.equals(positions, order.positions));
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    return base + symmetry.suffix() + " of " + height + "x" + width;
  }
}
