package io.weft.step;

import java.util.Arrays;

/**
 * Draws from a softmax distribution: the inverse of the cumulative distribution at a uniform
 * number. Never a level without mass. Not for use by several threads at once.
 */
public final class SoftmaxDraw {

  private final Kernels kernels;
  private final int levels;
  // Filled up to whole blocks with what has no mass.
  private final float[] logits;
  private final float[] masses;
  private final float[] sums;

  /**
   * Prepares for draws.
   *
   * @param levels how many there are, at least 1
   * @param loops what computes the exponentials
   */
  public SoftmaxDraw(int levels, JvmLoops loops) {
    this.kernels = loops.kernels();
    this.levels = levels;
    int blocks = (levels + Kernels.BLOCK - 1) / Kernels.BLOCK;
    this.logits = new float[blocks * Kernels.BLOCK];
    this.masses = new float[logits.length];
    this.sums = new float[blocks];
    Arrays.fill(logits, Float.NEGATIVE_INFINITY);
  }

  /**
   * Returns a level, from 0.
   *
   * @param from where the logits are, from {@code offset} on; of level 0 first
   * @param temperature what they are divided by, above 0
   * @param u in [0, 1)
   * @throws ArithmeticException if a logit is not a number or infinite, or all are minus infinity
   */
  public int draw(float[] from, int offset, double temperature, double u) {
    System.arraycopy(from, offset, logits, 0, levels);
    float largest = kernels.largest(logits);
    if (Float.isNaN(largest) || Float.isInfinite(largest)) {
      throw unusable(largest);
    }
    // Within the normal numbers, so that no difference, 0 or infinite, becomes none.
    double sharpness = Math.max(Float.MIN_NORMAL, Math.min(Float.MAX_VALUE, 1 / temperature));
    kernels.exponentials(logits, largest, (float) sharpness, masses, sums);
    double total = 0;
    for (float sum : sums) {
      total += sum;
    }
    return inverse(u * total);
  }

  private ArithmeticException unusable(float largest) {
    for (int k = 0; k < levels; k++) {
      if (Float.isNaN(logits[k]) || logits[k] == Float.POSITIVE_INFINITY) {
        return new ArithmeticException("the logit of level " + k + " is " + logits[k]);
      }
    }
    return new ArithmeticException("all logits are " + largest);
  }

  /** Goes to the block in whose sum the target falls, and through that. */
  private int inverse(double target) {
    double before = 0;
    int last = 0;
    for (int b = 0; b < sums.length; b++) {
      if (sums[b] == 0) {
        continue;
      }
      double within = target - before;
      if (within < sums[b]) {
        return inBlock(b, within);
      }
      before += sums[b];
      last = b;
    }
    return inBlock(last, sums[last]);
  }

  /** The sum of a block may differ from its masses by a rounding: then it is the last of them. */
  private int inBlock(int block, double target) {
    double sum = 0;
    int last = 0;
    for (int k = block * Kernels.BLOCK; k < (block + 1) * Kernels.BLOCK; k++) {
      sum += masses[k];
      if (target < sum) {
        return k;
      }
      last = masses[k] > 0 ? k : last;
    }
    return last;
  }
}
