package io.weft.step;

import io.weft.expression.Tap;
import java.util.Objects;

/**
 * One read of a group's program: all maps of another group, at one tap.
 *
 * @param tap the place
 * @param group the index of the map group that is read there
 */
public record ReadSegment(Tap tap, int group) {
  /** Checks that there is a tap. */
  public ReadSegment {
    Objects.requireNonNull(tap, "tap");
  }
}
