package io.weft.internal.step;

import java.util.Arrays;

/** A growing array of ints. */
final class Ints {

  private int[] values;
  private int size;

  Ints() {
    this(new int[16], 0);
  }

  private Ints(int[] values, int size) {
    this.values = values;
    this.size = size;
  }

  /** Returns one that begins with these. */
  static Ints from(int[] numbers) {
    return new Ints(Arrays.copyOf(numbers, numbers.length + 256), numbers.length);
  }

  void add(int value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, 2 * size);
    }
    values[size++] = value;
  }

  int size() {
    return size;
  }

  int[] toArray() {
    return Arrays.copyOf(values, size);
  }
}
