package io.weft.internal.step;

import java.util.Arrays;

/**
 * The masses of a softmax distribution's levels, of which the likeliest has 1. What is drawn and
 * what is scored both start from them. Not for use by several threads at once.
 */
public final class SoftmaxMasses {

  private final Kernels kernels;
  private final int levels;
  // Filled up to whole blocks with what has no mass.
  private final float[] logits;
  final float[] masses;
  final float[] sums;
  private final int[] wholes;
  private float largest;
  private double total;

  /**
   * Prepares for distributions.
   *
   * @param levels how many there are, at least 1
   * @param loops what computes the exponentials
   */
  public SoftmaxMasses(int levels, JvmLoops loops) {
    this.kernels = loops.kernels();
    this.levels = levels;
    int blocks = (levels + Kernels.BLOCK - 1) / Kernels.BLOCK;
    this.logits = new float[blocks * Kernels.BLOCK];
    this.masses = new float[logits.length];
    this.sums = new float[blocks];
    this.wholes = new int[logits.length];
    Arrays.fill(logits, Float.NEGATIVE_INFINITY);
  }

  /**
   * Computes the masses of a distribution: none is a number if a logit is not one or infinite, or
   * all are minus infinity.
   *
   * @param from where the logits are, from {@code offset} on; of level 0 first
   * @param temperature what they are divided by, above 0
   */
  public void compute(float[] from, int offset, double temperature) {
    System.arraycopy(from, offset, logits, 0, levels);
    largest = kernels.largest(logits);
    // Within the normal numbers, so that no difference, 0 or infinite, becomes none.
    double sharpness = Math.max(Float.MIN_NORMAL, Math.min(Float.MAX_VALUE, 1 / temperature));
    kernels.exponentials(logits, largest, (float) sharpness, masses, sums);
    total = 0;
    for (float sum : sums) {
      total += sum;
    }
  }

  /**
   * Throws if what was computed is no distribution.
   *
   * @throws ArithmeticException if a logit is not a number or infinite, or all are minus infinity
   */
  public void check() {
    if (!Float.isNaN(largest) && !Float.isInfinite(largest)) {
      return;
    }
    for (int k = 0; k < levels; k++) {
      if (Float.isNaN(logits[k]) || logits[k] == Float.POSITIVE_INFINITY) {
        throw new ArithmeticException("the logit of level " + k + " is " + logits[k]);
      }
    }
    throw new ArithmeticException("all logits are " + largest);
  }

  /** Returns the mass of a level, 0 to 1. */
  public double mass(int level) {
    return masses[level];
  }

  /**
   * Returns all masses times a number, without what is behind the points; of level 0 first. There
   * may be some more, of 0. The next call writes to the same array.
   *
   * @param scale from 0 to 2^31 - 1
   */
  public int[] wholes(double scale) {
    kernels.wholes(masses, scale, wholes);
    return wholes;
  }

  /** Returns the first of the likeliest levels: those of mass 1. */
  public int likeliest() {
    int level = 0;
    while (masses[level] < 1) {
      level++;
    }
    return level;
  }

  /** Returns the sum of all masses. */
  public double total() {
    return total;
  }

  /** Returns the natural logarithm of a level's probability at temperature 1. */
  public double logProbability(int level) {
    return (double) logits[level] - largest - StrictMath.log(total);
  }
}
