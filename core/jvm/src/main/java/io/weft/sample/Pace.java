package io.weft.sample;

/**
 * How many steps the threads of a run take before they wait for each other. Who consumes pixels
 * waits for each, who consumes rows for a row. Who consumes images could wait for a whole one; but
 * the thread that asks draws too, and others may need it. So these meet some forty times a second,
 * and no oftener than once in a row.
 */
final class Pace {

  private static final long SHORT_NANOS = 12_000_000;
  private static final long LONG_NANOS = 48_000_000;

  private final int least;
  private final int most;
  private final boolean grows;
  private int steps;

  /**
   * Makes one for a run.
   *
   * @param row the steps of a row of an image
   * @param image the steps of an image
   */
  Pace(Portion portion, int row, int image) {
    most = image;
    least = portion.isAtLeastRows() ? row : 1;
    grows = portion == Portion.IMAGE;
    steps = least;
  }

  /** Returns how many steps to take next. */
  int steps() {
    return steps;
  }

  /** Takes note of how long these took. */
  void took(long nanos) {
    if (grows && nanos < SHORT_NANOS) {
      steps = Math.min(most, 2 * steps);
    } else if (nanos > LONG_NANOS) {
      steps = Math.max(least, steps / 2);
    }
  }
}
