package io.weft.codec;

import io.weft.internal.step.JvmLoops;
import io.weft.internal.step.SoftmaxMasses;
import io.weft.spec.ImageSpec;

/**
 * The probabilities of a value's levels as whole numbers that add up to 2^24, each at least 1: what
 * a model finds impossible can be coded still. Not for use by several threads at once.
 */
final class Frequencies {

  private final ImageSpec image;
  private final SoftmaxMasses masses;
  private final int[] frequencies;

  Frequencies(ImageSpec image, JvmLoops loops) {
    this.image = image;
    masses = new SoftmaxMasses(image.levels(), loops);
    frequencies = new int[image.levels()];
  }

  /**
   * Takes over a distribution.
   *
   * @param index of the image whose value it is, for messages
   * @param value the value's place in the image
   * @param logits of level 0 first
   * @throws ArithmeticException if a logit is not a number or infinite, or all are minus infinity
   */
  void set(int index, int value, float[] logits) {
    masses.compute(logits, 0, 1);
    try {
      masses.check();
    } catch (ArithmeticException e) {
      throw failed(index, value, e);
    }
    double scale = (RangeEncoder.TOTAL - frequencies.length) / masses.total();
    int[] wholes = masses.wholes(scale);
    int sum = 0;
    for (int k = 0; k < frequencies.length; k++) {
      frequencies[k] = 1 + wholes[k];
      sum += frequencies[k];
    }
    // What rounding left, or took, is little against it.
    frequencies[masses.likeliest()] += (int) RangeEncoder.TOTAL - sum;
  }

  private ArithmeticException failed(int index, int value, ArithmeticException why) {
    int pixel = value / image.channels();
    return new ArithmeticException(
        "cannot code channel "
            + value % image.channels()
            + " of pixel ("
            + pixel / image.width()
            + ", "
            + pixel % image.width()
            + ") of image "
            + index
            + ": "
            + why.getMessage()
            + "; the weights are not usable (did training diverge?)");
  }

  int frequency(int level) {
    return frequencies[level];
  }

  /** Returns the frequencies of the levels below, together. */
  int start(int level) {
    int start = 0;
    for (int k = 0; k < level; k++) {
      start += frequencies[k];
    }
    return start;
  }

  /** Returns the level among whose frequencies a number lies, one level's after the other's. */
  int level(int number) {
    int level = 0;
    for (int end = frequencies[0]; end <= number; end += frequencies[level]) {
      level++;
    }
    return level;
  }
}
