package io.weft.data;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

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

  /**
   * Returns how many things that follow each other are read together: as few as of any part of
   * which not all are.
   *
   * @param ofPart how many are of each
   */
  int block(IntUnaryOperator ofPart) {
    int block = count();
    for (int part = 0; part < ends.length; part++) {
      int own = ofPart.applyAsInt(part);
      if (own < ends[part] - (part == 0 ? 0 : ends[part - 1])) {
        block = Math.min(block, own);
      }
    }
    return block;
  }

  /** Returns the index within its part. */
  int within(int part, int index) {
    return part == 0 ? index : index - ends[part - 1];
  }
}
