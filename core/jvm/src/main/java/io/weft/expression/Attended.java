package io.weft.expression;

import java.util.Objects;

/**
 * All maps of an input at a set of positions: what {@link Expression.Attention} attends to.
 *
 * @param tap the input and the set
 * @param width the maps of the input
 */
public record Attended(Tap tap, int width) {
  /** Checks that there is a set of an input's positions. */
  public Attended {
    Objects.requireNonNull(tap, "tap");
    Widths.check(width);
    if (!(tap.positions() instanceof Ranks) || tap.isOwn()) {
      throw new IllegalArgumentException(
          "attention is paid to a span of an input, found " + tap.label() + " of " + tap.input());
    }
  }

  /** Returns the set of positions. */
  public Ranks ranks() {
    return (Ranks) tap.positions();
  }
}
