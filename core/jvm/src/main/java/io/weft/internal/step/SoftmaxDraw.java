package io.weft.internal.step;

/**
 * Draws from a softmax distribution: the inverse of the cumulative distribution at a uniform
 * number. Never a level without mass. Not for use by several threads at once.
 */
public final class SoftmaxDraw {

  private final SoftmaxMasses softmax;

  /**
   * Prepares for draws.
   *
   * @param levels how many there are, at least 1
   * @param loops what computes the exponentials
   */
  public SoftmaxDraw(int levels, JvmLoops loops) {
    this.softmax = new SoftmaxMasses(levels, loops);
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
    softmax.compute(from, offset, temperature);
    softmax.check();
    return inverse(u * softmax.total());
  }

  /** Goes to the block in whose sum the target falls, and through that. */
  private int inverse(double target) {
    float[] sums = softmax.sums;
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
    float[] masses = softmax.masses;
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
