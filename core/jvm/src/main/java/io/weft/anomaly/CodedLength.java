package io.weft.anomaly;

import io.weft.spec.ImageSpec;

/**
 * How long an image is when a general lossless coder has written it, which has learned from no
 * other image: the complexity of Serrà et al. 2020. Each value is predicted from its neighbours by
 * the median edge detector of LOCO-I (Weinberger et al. 2000, equation 1); what is left is written
 * as an Exp-Golomb number, bit by bit and adaptively, by the estimator of Krichevsky and Trofimov
 * 1981; the number's length has contexts of the neighbours' activity. What is counted is the length
 * of ideal arithmetic coding. It has no header, which in small images would be most of a PNG, and
 * is the same on every machine.
 */
final class CodedLength {

  private static final int ACTIVITIES = 4;

  /** Of numbers in bits: of levels there are up to 2^16. */
  private static final int LENGTHS = 18;

  private final ImageSpec image;
  private final int[] levels;

  /** How often a bit of a number's length was 0, and 1, by context and place. */
  private final int[][][] lengths;

  /** How often a bit of the number itself was, by its length and place. */
  private final int[][][] digits = new int[LENGTHS][LENGTHS][2];

  private double nats;

  private CodedLength(ImageSpec image, int[] levels) {
    this.image = image;
    this.levels = levels;
    lengths = new int[image.channels() * ACTIVITIES][LENGTHS][2];
  }

  /** Returns the length in nats. */
  static double nats(ImageSpec image, int[] levels) {
    CodedLength length = new CodedLength(image, levels);
    for (int row = 0; row < image.height(); row++) {
      for (int column = 0; column < image.width(); column++) {
        for (int channel = 0; channel < image.channels(); channel++) {
          length.value(row, column, channel);
        }
      }
    }
    return length.nats;
  }

  private void value(int row, int column, int channel) {
    int left = level(row, column - 1, channel);
    int above = level(row - 1, column, channel);
    int corner = level(row - 1, column - 1, channel);
    int activity = Math.abs(left - corner) + Math.abs(corner - above);
    int error = level(row, column, channel) - medianEdge(left, above, corner);
    number(channel * ACTIVITIES + activityClass(activity), folded(error));
  }

  private int level(int row, int column, int channel) {
    return row < 0 || column < 0
        ? 0
        : levels[(row * image.width() + column) * image.channels() + channel];
  }

  private static int medianEdge(int left, int above, int corner) {
    if (corner >= Math.max(left, above)) {
      return Math.min(left, above);
    }
    return corner <= Math.min(left, above) ? Math.max(left, above) : left + above - corner;
  }

  private int activityClass(int activity) {
    if (activity == 0) {
      return 0;
    }
    int part = (image.levels() - 1 + 7) / 8;
    return activity <= part ? 1 : activity <= 3 * part ? 2 : 3;
  }

  /** Errors in the order 0, -1, 1, -2, 2 and so on, the shorter way round the levels. */
  private int folded(int error) {
    int around = Math.floorMod(error, image.levels());
    int signed = 2 * around >= image.levels() + 1 ? around - image.levels() : around;
    return signed < 0 ? -2 * signed - 1 : 2 * signed;
  }

  private void number(int context, int number) {
    int length = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(number + 1);
    for (int i = 0; i <= length; i++) {
      bit(lengths[context][i], i < length ? 1 : 0);
    }
    for (int i = 0; i < length; i++) {
      bit(digits[length][i], ((number + 1) >> i) & 1);
    }
  }

  private void bit(int[] counts, int bit) {
    nats -= StrictMath.log((counts[bit] + 0.5) / (counts[0] + counts[1] + 1.0));
    counts[bit]++;
  }
}
