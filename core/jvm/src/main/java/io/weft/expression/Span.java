package io.weft.expression;

import java.util.Objects;

/**
 * A set of positions for each position, by when their pixels are generated: all that come earlier,
 * with or without the own one, or only the last of these. It follows any generation order.
 *
 * @param end which is the last
 * @param most how many at most, the last ones; {@link #ALL} for all
 */
public record Span(End end, int most) {

  /** The last position of a span. */
  public enum End {
    /** The one that is generated just before the own one. */
    EARLIER,
    /** The own one. */
    OWN
  }

  /** More than there are positions. */
  public static final int ALL = Integer.MAX_VALUE;

  /** All positions that are generated earlier than the own one: none for the first. */
  public static final Span EARLIER = new Span(End.EARLIER, ALL);

  /** The own position and all that are generated earlier. */
  public static final Span UP_TO_OWN = new Span(End.OWN, ALL);

  /** Checks the size. */
  public Span {
    Objects.requireNonNull(end, "end");
    if (most < 1) {
      throw new IllegalArgumentException("a span has at least 1 position, found at most " + most);
    }
  }

  /**
   * Returns the last positions of this span.
   *
   * @param positions how many at most, at least 1
   */
  public Span last(int positions) {
    return new Span(end, Math.min(most, positions));
  }

  /** Returns whether the own position is left out. */
  public boolean isStrict() {
    return end == End.EARLIER;
  }

  /** Returns whether all positions up to the last belong to it. */
  public boolean isWhole() {
    return most == ALL;
  }

  /** Says which positions, for messages: "all earlier positions". */
  @Override
  public String toString() {
    String positions = isStrict() ? "earlier positions" : "positions up to its own";
    return isWhole() ? "all " + positions : "the last " + most + " of the " + positions;
  }
}
