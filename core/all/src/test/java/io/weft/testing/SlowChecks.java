package io.weft.testing;

/**
 * How long checks are that grow better the longer they run, such as those of random graphs: of a
 * usual length in every build, and in full with Maven's profile {@code nightly}.
 */
public final class SlowChecks {

  private static final boolean FULL = Boolean.getBoolean("weft.slow");

  private SlowChecks() {}

  /** Returns how often to check: {@code usual} times, or {@code full} times in the profile. */
  public static int times(int usual, int full) {
    return FULL ? full : usual;
  }
}
