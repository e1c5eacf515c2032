package io.weft.internal.step;

import java.util.SplittableRandom;

/** Draws right beside the numbers at which the level changes. */
final class DrawBoundaries {

  private static final int LEVELS = 256;
  private static final int DISTRIBUTIONS = 24;
  private static final int WARM_UP = 200_000;

  private DrawBoundaries() {}

  /**
   * Returns how many of 48 draws give another level once the JIT compiler has done its work.
   *
   * @param warm whether to wait for that
   */
  static int flips(JvmLoops loops, boolean warm) {
    SplittableRandom random = new SplittableRandom(1);
    SoftmaxDraw draw = new SoftmaxDraw(LEVELS, loops);
    float[][] logits = new float[DISTRIBUTIONS][LEVELS];
    double[] below = new double[DISTRIBUTIONS];
    int[][] levels = new int[DISTRIBUTIONS][];
    for (int d = 0; d < DISTRIBUTIONS; d++) {
      for (int k = 0; k < LEVELS; k++) {
        logits[d][k] = (float) (4 * random.nextDouble());
      }
      below[d] = boundary(draw, logits[d], random.nextDouble(0.1, 0.9));
      levels[d] = beside(draw, logits[d], below[d]);
    }
    for (int i = 0; warm && i < WARM_UP; i++) {
      draw.draw(logits[i % DISTRIBUTIONS], 0, 1, random.nextDouble());
    }
    int flips = 0;
    for (int d = 0; d < DISTRIBUTIONS; d++) {
      int[] later = beside(draw, logits[d], below[d]);
      flips += (later[0] == levels[d][0] ? 0 : 1) + (later[1] == levels[d][1] ? 0 : 1);
    }
    return flips;
  }

  private static int[] beside(SoftmaxDraw draw, float[] logits, double below) {
    return new int[] {draw.draw(logits, 0, 1, below), draw.draw(logits, 0, 1, Math.nextUp(below))};
  }

  /** The largest number at which the level is still the one at u. */
  private static double boundary(SoftmaxDraw draw, float[] logits, double u) {
    int level = draw.draw(logits, 0, 1, u);
    double low = u;
    double high = 1;
    for (double middle = (low + high) / 2; middle > low && middle < high; ) {
      if (draw.draw(logits, 0, 1, middle) == level) {
        low = middle;
      } else {
        high = middle;
      }
      middle = (low + high) / 2;
    }
    return low;
  }
}
