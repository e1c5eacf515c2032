package io.weft.optimise;

import java.util.List;
import java.util.Objects;
import java.util.function.LongToDoubleFunction;

/**
 * The learning rate as a function of the step of a run. A new run on a model that was trained
 * before begins at step 0; one that is resumed goes on where it was. {@link #of} makes one of any
 * function.
 */
public sealed interface RateSchedule {

  /**
   * Returns the rate.
   *
   * @param step steps of the run done before, from 0
   */
  double at(long step);

  /**
   * Returns the rate, knowing what the run's validations have found.
   *
   * @param step steps of the run done before, from 0
   * @param validations bits per dimension of the run's validations so far, in order
   */
  default double at(long step, List<Double> validations) {
    return at(step);
  }

  /** Returns whether the rate depends on validations, which a run then has to have. */
  default boolean needsValidation() {
    return false;
  }

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
      return rate * StrictMath.pow(factor, (double) step);
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
      return rate * (floor + (1 - floor) * 0.5 * (1 + StrictMath.cos(Math.PI * done)));
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

    @Override
    public double at(long step, List<Double> validations) {
      return then.at(step, validations) * Math.min(1, (step + 1.0) / steps);
    }

    @Override
    public boolean needsValidation() {
      return then.needsValidation();
    }
  }

  /**
   * One cycle (Smith and Topin 2018): up from a low rate to the peak, then down to next to nothing,
   * both along half a cosine, as PyTorch's {@code OneCycleLR} has it. It needs no warm-up of its
   * own.
   *
   * @param peak the largest rate, above 0
   * @param steps steps of the run, at least 2; after them the last rate stays
   * @param rising the share of the steps in which it rises, above 0 and below 1; 0.3 is usual
   * @param divisor the rate begins at the peak divided by this, at least 1; 25 is usual
   * @param last and ends at that divided by this, at least 1; 1e4 is usual
   */
  record OneCycle(double peak, long steps, double rising, double divisor, double last)
      implements RateSchedule {
    /** Checks the numbers. */
    public OneCycle {
      check(peak);
      if (steps < 2
          || !(rising > 0 && rising < 1)
          || !(divisor >= 1 && Double.isFinite(divisor))
          || !(last >= 1 && Double.isFinite(last))) {
        throw new IllegalArgumentException(
            "one cycle takes at least 2 steps, a rising share in (0, 1) and divisors of at least 1,"
                + " found "
                + steps
                + ", "
                + rising
                + ", "
                + divisor
                + " and "
                + last);
      }
    }

    /**
     * Returns a cycle that rises for 0.3 of the steps, from peak / 25, and ends at 1e-4 of that.
     */
    public OneCycle(double peak, long steps) {
      this(peak, steps, 0.3, 25, 1e4);
    }

    @Override
    public double at(long step) {
      double top = Math.max(0, rising * steps - 1);
      double low = peak / divisor;
      if (step < top) {
        return between(low, peak, step / top);
      }
      return between(peak, low / last, Math.min(1, (step - top) / (steps - 1 - top)));
    }

    private static double between(double from, double to, double done) {
      return to + (from - to) * 0.5 * (1 + StrictMath.cos(Math.PI * done));
    }
  }

  /**
   * Another schedule, multiplied by a factor whenever validation has found nothing better for some
   * time. The rate is a function of what the run's validations have found: a run that is resumed
   * goes on with it.
   *
   * @param then the schedule
   * @param factor what the rate is multiplied by, above 0 and below 1; 0.5 or 0.1 are usual
   * @param patience after how many validations in a row without a new best, at least 1; counted
   *     anew after every change
   * @param leastGain how many bits per dimension less make a new best, at least 0
   */
  record Plateau(RateSchedule then, double factor, int patience, double leastGain)
      implements RateSchedule {
    /** Checks the numbers. */
    public Plateau {
      Objects.requireNonNull(then, "then");
      if (!(factor > 0 && factor < 1)
          || patience < 1
          || !(leastGain >= 0 && Double.isFinite(leastGain))) {
        throw new IllegalArgumentException(
            "a plateau schedule takes a factor in (0, 1), a patience of at least 1 and a gain of at"
                + " least 0, found "
                + factor
                + ", "
                + patience
                + " and "
                + leastGain);
      }
    }

    @Override
    public double at(long step) {
      return then.at(step);
    }

    @Override
    public double at(long step, List<Double> validations) {
      double rate = then.at(step, validations);
      double best = Double.POSITIVE_INFINITY;
      int since = 0;
      for (double bits : validations) {
        if (bits < best - leastGain) {
          best = bits;
          since = 0;
        } else if (++since == patience) {
          rate *= factor;
          since = 0;
        }
      }
      return rate;
    }

    @Override
    public boolean needsValidation() {
      return true;
    }
  }

  /**
   * A schedule of one's own.
   *
   * @param name what it is called: by it a run that is resumed knows its schedule again, so that
   *     numbers that it depends on belong in it
   * @param rates the rate of each step of a run, from 0; a pure function
   */
  record Own(String name, LongToDoubleFunction rates) implements RateSchedule {
    /** Checks that both are there. */
    public Own {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(rates, "rates");
    }

    /**
     * Returns the rate.
     *
     * @throws IllegalArgumentException if the function's is below 0 or not finite
     */
    @Override
    public double at(long step) {
      double rate = rates.applyAsDouble(step);
      if (!(rate >= 0 && Double.isFinite(rate))) {
        throw new IllegalArgumentException(
            "a learning rate is at least 0 and finite; schedule \""
                + name
                + "\" gives "
                + rate
                + " for step "
                + step);
      }
      return rate;
    }

    @Override
    public String toString() {
      return "Own[" + name + "]";
    }
  }

  /** Returns the same rate throughout. */
  static RateSchedule constant(double rate) {
    return new Constant(rate);
  }

  /** Returns a schedule of one's own, see {@link Own}. */
  static RateSchedule of(String name, LongToDoubleFunction rates) {
    return new Own(name, rates);
  }

  private static void check(double rate) {
    if (!(rate > 0 && Double.isFinite(rate))) {
      throw new IllegalArgumentException("a learning rate is above 0 and finite, found " + rate);
    }
  }
}
