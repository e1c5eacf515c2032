package io.weft.data;

import java.util.Arrays;

/** Where things lie that are counted through over several parts. */
final class Joints {

  /** The number of things in each part and all before it. */
  private final int[] ends;

  private Joints(int... ends) {
    this.ends = ends;
  }

  /**
   * Joins parts.
   *
   * @param sizes of each
   * @throws IllegalArgumentException if there are more things than an int can count
   */
  static Joints of(int... sizes) {
    int[] ends = sizes.clone();
    try {
      Arrays.parallelPrefix(ends, Math::addExact);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("more than 2^31 - 1 images in all; join fewer", e);
    }
    return new Joints(ends);
  }

  int count() {
    return ends.length == 0 ? 0 : ends[ends.length - 1];
  }

  /** Returns the part that a thing lies in. */
  int part(int index) {
    int found = Arrays.binarySearch(ends, index + 1);
    int part = found >= 0 ? found : -found - 1;
    // Of an empty part the end is that of the one before.
    while (part > 0 && ends[part - 1] > index) {
      part--;
    }
    return part;
  }

  /** Returns the index within its part. */
  int within(int part, int index) {
    return part == 0 ? index : index - ends[part - 1];
  }
}
