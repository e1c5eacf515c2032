package io.weft.internal.step;

import java.util.Optional;

/**
 * A product of which a second thread computes half of the columns. Of few rows it takes as long as
 * reading the weights does, and two threads read twice as fast as one.
 */
final class SharedProduct {

  private final Kernels kernels;
  private final Kernels.Halves halves;
  private final SecondHand hand;
  private final int large;
  private final float[][] scratch;
  private final Runnable last = this::multiplyByLast;

  private int row;
  private int depth;
  private float[] x = {};
  private int from;
  private int stride;
  private int count;
  private float[] start = {};
  private int startAt;
  private int startStride;
  private float[] result = {};
  private int to;

  private SharedProduct(Kernels kernels, Kernels.Halves halves, SecondHand hand, int large) {
    this.kernels = kernels;
    this.halves = halves;
    this.hand = hand;
    this.large = large;
    this.scratch = kernels.scratch(halves.last().columns());
  }

  /**
   * Returns one for the products by a matrix that are large; nothing if none is, or the loops know
   * no halves of it.
   *
   * @param hand the second thread
   * @param large from how many weights on a product is large
   */
  static Optional<SharedProduct> of(
      Kernels kernels, Kernels.Matrix matrix, SecondHand hand, int large) {
    return isLarge(matrix.depth(), matrix.columns(), large)
        ? kernels.halves(matrix).map(halves -> new SharedProduct(kernels, halves, hand, large))
        : Optional.empty();
  }

  /** Returns whether a product of so many rows and columns of a matrix is large. */
  static boolean isLarge(int depth, int columns, int large) {
    return (long) depth * columns >= large;
  }

  /**
   * Multiplies, as {@link Kernels#multiplyAndAdd} does, if it is worth the while and the other
   * thread is there.
   *
   * @return whether it has
   */
  boolean multiplyAndAdd(
      int row,
      int depth,
      float[] x,
      int from,
      int stride,
      int count,
      float[] start,
      int startAt,
      int startStride,
      float[] result,
      int to,
      float[][] scratch) {
    if (!isLarge(depth, halves.first().columns(), large)) {
      return false;
    }
    this.row = row;
    this.depth = depth;
    this.x = x;
    this.from = from;
    this.stride = stride;
    this.count = count;
    this.start = start;
    this.startAt = startAt;
    this.startStride = startStride;
    this.result = result;
    this.to = to;
    if (!hand.begins(last)) {
      return false;
    }
    multiplyBy(halves.first(), scratch);
    hand.await();
    return true;
  }

  private void multiplyByLast() {
    multiplyBy(halves.last(), scratch);
  }

  private void multiplyBy(Kernels.Matrix half, float[][] some) {
    kernels.multiplyAndAdd(
        half, row, depth, x, from, stride, count, start, startAt, startStride, result, to, some);
  }
}
