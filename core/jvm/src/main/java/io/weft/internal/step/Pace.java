package io.weft.internal.step;

/**
 * How many steps threads that draw together take before they wait for each other. Who consumes
 * pixels waits for each, who consumes rows for a row. Who consumes images could wait for a whole
 * one; but the thread that asks draws too, and others may need it. So these meet some forty times a
 * second, and no oftener than once in a row.
 */
public final class Pace {

  private static final long SHORT_NANOS = 12_000_000;
  private static final long LONG_NANOS = 48_000_000;

  private final int least;
  private final int most;
  private int steps;

  private Pace(int least, int most) {
    this.least = least;
    this.most = most;
    this.steps = least;
  }

  /** Returns one of always as many steps. */
  public static Pace steady(int steps) {
    return new Pace(steps, steps);
  }

  /**
   * Returns one that time decides.
   *
   * @param row the steps of a row of an image: the fewest
   * @param image the steps of an image: the most
   */
  public static Pace timed(int row, int image) {
    return new Pace(row, image);
  }

  /** Returns how many steps to take next. */
  public int steps() {
    return steps;
  }

  /** Takes note of how long these took. */
  public void took(long nanos) {
    if (nanos < SHORT_NANOS) {
      steps = Math.min(most, 2 * steps);
    } else if (nanos > LONG_NANOS) {
      steps = Math.max(least, steps / 2);
    }
  }
}
