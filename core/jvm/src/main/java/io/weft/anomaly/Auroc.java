package io.weft.anomaly;

import java.util.Arrays;
import java.util.function.DoublePredicate;

/**
 * How well a score tells two kinds of images apart: the area under the receiver operating
 * characteristic, which is the probability that an image of the one kind scores higher than one of
 * the other (Hanley and McNeil 1982). 1 is perfect, 0.5 is chance, 0 the wrong way round.
 */
public final class Auroc {

  private Auroc() {}

  /**
   * Returns the area.
   *
   * @param good the scores of good images, at least one
   * @param anomalous the scores of others, at least one, to be higher
   * @return 0 to 1; equal scores count half
   * @throws IllegalArgumentException if there are none of a kind, or a score is not a number
   */
  public static double of(double[] good, double[] anomalous) {
    double[] sorted = good.clone();
    if (sorted.length == 0 || anomalous.length == 0) {
      throw new IllegalArgumentException(
          sorted.length
              + " good images and "
              + anomalous.length
              + " others; expected at least one of each");
    }
    Arrays.sort(sorted);
    double won = 0;
    for (double score : anomalous) {
      int below = countBelow(sorted, score);
      won += below + 0.5 * (countAtMost(sorted, score) - below);
    }
    if (Arrays.stream(good).anyMatch(Double::isNaN)
        || Arrays.stream(anomalous).anyMatch(Double::isNaN)) {
      throw new IllegalArgumentException("a score is not a number; it ranks nowhere");
    }
    return won / sorted.length / anomalous.length;
  }

  /** Returns how many of some sorted numbers are below one. */
  static int countBelow(double[] sorted, double number) {
    return countWhile(sorted, other -> other < number);
  }

  private static int countAtMost(double[] sorted, double number) {
    return countWhile(sorted, other -> other <= number);
  }

  /** Returns how many of some sorted numbers, the first ones, fulfil a condition. */
  private static int countWhile(double[] sorted, DoublePredicate condition) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (condition.test(sorted[middle])) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
