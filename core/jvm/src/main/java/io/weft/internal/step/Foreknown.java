package io.weft.internal.step;

/**
 * Which values of an image are known when the parameters of a step are computed, beside those of
 * the steps before.
 *
 * @param first so many steps at the beginning take known values, and need no parameters
 * @param ahead values are known for so many steps at a time, all of which need parameters: 1 where
 *     a value is drawn from them
 */
record Foreknown(int first, int ahead) {

  /** Every value is drawn. */
  static final Foreknown NOTHING = new Foreknown(0, 1);

  /**
   * Returns the number of steps whose values are known when those of {@code step} are asked for.
   */
  int before(int step) {
    return ahead == 1 ? step : (step / ahead + 1) * ahead;
  }
}
