package io.weft.expression;

import io.weft.internal.Seam;
import io.weft.order.GenerationOrder;
import java.util.Locale;
import java.util.Objects;

/**
 * One place that a layer reads: an input, or the layer's own output, and the position of it that
 * belongs to each position of the output, or the set of positions.
 *
 * @param input the index of the input, from 0, or {@link #OWN}
 * @param label how messages name the place, "(-1, +0)" for the row above
 * @param positions which position is read, or which are
 */
public record Tap(int input, String label, Footprint positions) {

  /**
   * In place of an input's index: the layer's own output, at positions that are computed before.
   */
  public static final int OWN = -1;

  /** Checks that nothing is missing. */
  public Tap {
    Objects.requireNonNull(label, "label");
    Objects.requireNonNull(positions, "positions");
    if (input < OWN) {
      throw new IllegalArgumentException(
          "an input has an index from 0 (" + OWN + " is the own output), found " + input);
    }
  }

  /** Returns whether it is the layer's own output that is read. */
  public boolean isOwn() {
    return input == OWN;
  }

  /** Returns whether it is a set of positions that is read, by attention. */
  public boolean isSet() {
    return positions instanceof Ranks;
  }

  /**
   * Returns the row-major position that is read for {@code row}, {@code column}, or {@link
   * PositionMap#NONE}.
   *
   * @throws IllegalStateException if it is a set of positions that is read
   */
  public int source(int row, int column) {
    if (positions instanceof PositionMap one) {
      return one.source(row, column);
    }
    throw new IllegalStateException("reads " + label + ", not one position");
  }

  /** Returns the same read under another generation order. */
  @Seam
  public Tap under(GenerationOrder order) {
    return new Tap(input, label, positions.moved(order));
  }

  /** Returns the tap that reads {@code input} at a fixed distance. */
  public static Tap offset(int input, Shape shape, int rows, int columns) {
    return new Tap(
        input,
        place(input, rows, columns),
        new PositionMap.Offset(rows, columns, shape.height(), shape.width()));
  }

  /** Returns the tap that reads {@code input} at a fixed distance where that is earlier. */
  public static Tap earlier(int input, int rows, int columns, GenerationOrder order) {
    return new Tap(
        input,
        place(input, rows, columns) + " where earlier",
        new PositionMap.Earlier(rows, columns, order));
  }

  /** Returns the tap that reads {@code input} at the position before in the order. */
  public static Tap before(int input, GenerationOrder order) {
    return new Tap(input, "the position before", new PositionMap.Before(order));
  }

  /** Returns the tap that reads pixels in their order, at positions in raster order. */
  public static Tap inRasterOrder(int input, GenerationOrder order) {
    return new Tap(
        input, "the pixel of the own number in the order", new PositionMap.InRasterOrder(order));
  }

  /** Returns the tap that reads positions in raster order, at pixels in their order. */
  public static Tap fromRasterOrder(int input, GenerationOrder order) {
    return new Tap(
        input,
        "the position of the own number in raster order",
        new PositionMap.FromRasterOrder(order));
  }

  /** Returns the tap that reads a set of positions of {@code input}. */
  public static Tap span(int input, Span span, GenerationOrder order) {
    return new Tap(input, span.toString(), new Ranks(span, order));
  }

  private static String place(int input, int rows, int columns) {
    return String.format(Locale.ROOT, "%s(%+d, %+d)", input == OWN ? "own " : "", rows, columns);
  }

  /** Returns the tap that reads a 1 x 1 input from everywhere. */
  public static Tap global(int input) {
    return new Tap(input, "(everywhere)", new PositionMap.Global());
  }
}
