package io.weft.data;

/** How many examples are shuffled together of some that were chosen from others. */
final class Blocks {

  private Blocks() {}

  /**
   * Returns how many of some examples that follow each other are read together. Out of order there
   * is nothing to be said of them but all.
   *
   * @param block how many of all are
   * @param indices which of all these are
   */
  static int ofSome(int block, int... indices) {
    for (int i = 1; i < indices.length; i++) {
      if (indices[i] <= indices[i - 1]) {
        return indices.length;
      }
    }
    return Math.min(block, indices.length);
  }
}
