package io.weft.internal.step;

/** Where the rows of a value lie in the call under way: one after another, a stride apart. */
final class Rows {

  float[] numbers;

  /** Where the first row begins. */
  int from;

  /** How far the next row is. */
  int stride;

  Rows(float[] numbers, int from, int stride) {
    this.numbers = numbers;
    this.from = from;
    this.stride = stride;
  }

  /** They lie elsewhere from now on. */
  void lie(float[] numbers, int from, int stride) {
    this.numbers = numbers;
    this.from = from;
    this.stride = stride;
  }

  /** Returns where a row begins. */
  int at(int row) {
    return from + row * stride;
  }
}
