package io.weft.sample;

import io.weft.graph.Distribution;
import io.weft.graph.ImageSpec;
import io.weft.step.FastMath;

/**
 * Draws a level: the inverse of the cumulative distribution at a uniform number. Never a level
 * without mass. Not for use by several threads at once.
 */
final class Drawing {

  private final Distribution distribution;
  private final double temperature;
  private final float[] logits;
  private final float[] masses;

  Drawing(Distribution distribution, ImageSpec image, double temperature) {
    this.distribution = distribution;
    this.temperature = temperature;
    this.logits = new float[image.levels()];
    this.masses = new float[image.levels()];
  }

  /**
   * Returns a level.
   *
   * @param parameters where the distribution's parameters are, from {@code offset} on
   * @param u in [0, 1)
   * @throws ArithmeticException if the parameters give no distribution
   */
  int draw(float[] parameters, int offset, double u) {
    switch (distribution) {
      case SOFTMAX -> System.arraycopy(parameters, offset, logits, 0, logits.length);
      // A logit of level 1 against level 0.
      case BERNOULLI -> {
        logits[0] = 0;
        logits[1] = parameters[offset];
      }
    }
    return inverse(u * total());
  }

  /** Sets the masses, relative to the largest one, and returns their sum. */
  private double total() {
    float largest = Float.NEGATIVE_INFINITY;
    for (int k = 0; k < logits.length; k++) {
      if (Float.isNaN(logits[k]) || logits[k] == Float.POSITIVE_INFINITY) {
        throw new ArithmeticException("the logit of level " + k + " is " + logits[k]);
      }
      largest = Math.max(largest, logits[k]);
    }
    if (largest == Float.NEGATIVE_INFINITY) {
      throw new ArithmeticException("all logits are " + largest);
    }
    double total = 0;
    for (int k = 0; k < logits.length; k++) {
      masses[k] = FastMath.exp((float) (((double) logits[k] - largest) / temperature));
      total += masses[k];
    }
    return total;
  }

  private int inverse(double target) {
    double sum = 0;
    int last = 0;
    for (int k = 0; k < masses.length; k++) {
      sum += masses[k];
      if (target < sum) {
        return k;
      }
      last = masses[k] > 0 ? k : last;
    }
    return last;
  }
}
