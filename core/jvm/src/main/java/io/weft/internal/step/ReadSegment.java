package io.weft.internal.step;

import io.weft.expression.Ranks;
import io.weft.expression.Tap;
import java.util.Objects;

/**
 * One read of a group's program: all maps of another group, at one tap. Where that is a set of
 * positions, it is a run of ranks in the generation order; of what is so read the value of rank r
 * lies in slot 1 + r, and stays there.
 *
 * @param tap the place
 * @param group the index of the map group that is read there
 */
public record ReadSegment(Tap tap, int group) {
  /** Checks that there is a tap. */
  public ReadSegment {
    Objects.requireNonNull(tap, "tap");
  }

  /** Returns whether it is a set of positions that is read. */
  public boolean isSet() {
    return tap.isSet();
  }

  /**
   * Returns the run of ranks that is read.
   *
   * @throws IllegalStateException if it is one position that is read
   */
  public Ranks ranks() {
    if (tap.positions() instanceof Ranks ranks) {
      return ranks;
    }
    throw new IllegalStateException("reads one position at " + tap.label());
  }
}
