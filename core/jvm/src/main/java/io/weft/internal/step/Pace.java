package io.weft.internal.step;

/**
 * How many steps threads that draw together take before they wait for each other. Who consumes
 * pixels waits for each, who consumes rows for a row. Who consumes images could wait for a whole
 * one; but the thread that asks draws too, and others may need it. So these meet some ten times a
 * second, and no oftener than once in a row: each time costs them a third of a millisecond, until
 * all are awake again and the last one is there.
 */
public final class Pace {

  private static final double NANOS = 100e6;

  /** A first row may be much quicker than the next ones: outside the image nothing is computed. */
  private static final int MOST_GROWTH = 32;

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
    double growth = Math.min(MOST_GROWTH, NANOS / Math.max(1, nanos));
    steps = (int) Math.max(least, Math.min(most, growth * steps));
  }
}
