package io.weft.optimise;

/**
 * The learning rate as a function of the step of a run. A new run on a model that was trained
 * before begins at step 0; one that is resumed goes on where it was.
 */
public sealed interface RateSchedule {

  /**
   * Returns the rate.
   *
   * @param step steps of the run done before, from 0
   */
  double at(long step);

  /**
   * The same rate throughout.
   *
   * @param rate above 0
   */
  record Constant(double rate) implements RateSchedule {
    /** Checks the rate. */
    public Constant {
      check(rate);
    }

    @Override
    public double at(long step) {
      return rate;
    }
  }

  /**
   * The rate multiplied by a factor after every step (PixelCNN++ uses 0.999995).
   *
   * @param rate the rate at step 0, above 0
   * @param factor above 0, at most 1
   */
  record Exponential(double rate, double factor) implements RateSchedule {
    /** Checks the rate and the factor. */
    public Exponential {
      check(rate);
      if (!(factor > 0 && factor <= 1)) {
        throw new IllegalArgumentException(
            "an exponential schedule's factor is above 0 and at most 1, found " + factor);
      }
    }

    @Override
    public double at(long step) {
      return rate * Math.pow(factor, (double) step);
    }
  }

  /**
   * Half a cosine from the rate down to a share of it (Loshchilov and Hutter 2017), which it then
   * keeps.
   *
   * @param rate the rate at step 0, above 0
   * @param steps when the end is reached, at least 1
   * @param floor the share of the rate that is left at the end, in [0, 1]
   */
  record Cosine(double rate, long steps, double floor) implements RateSchedule {
    /** Checks the numbers. */
    public Cosine {
      check(rate);
      if (steps < 1 || !(floor >= 0 && floor <= 1)) {
        throw new IllegalArgumentException(
            "a cosine schedule takes at least 1 step and a floor in [0, 1], found "
                + steps
                + " and "
                + floor);
      }
    }

    @Override
    public double at(long step) {
      double done = Math.min(1, step / (double) steps);
      return rate * (floor + (1 - floor) * 0.5 * (1 + Math.cos(Math.PI * done)));
    }
  }

  /**
   * Rises in equal parts to another schedule's rate.
   *
   * @param steps how long it rises, at least 1
   * @param then the schedule, counted from step 0 as well
   */
  record WarmUp(long steps, RateSchedule then) implements RateSchedule {
    /** Checks the steps. */
    public WarmUp {
      if (steps < 1) {
        throw new IllegalArgumentException("a warm-up takes at least 1 step, found " + steps);
      }
    }

    @Override
    public double at(long step) {
      // Not step + 1 as a whole number: the last one has none after it.
      return then.at(step) * Math.min(1, (step + 1.0) / steps);
    }
  }

  /** Returns the same rate throughout. */
  static RateSchedule constant(double rate) {
    return new Constant(rate);
  }

  private static void check(double rate) {
    if (!(rate > 0 && Double.isFinite(rate))) {
      throw new IllegalArgumentException("a learning rate is above 0 and finite, found " + rate);
    }
  }
}
