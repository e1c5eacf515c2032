package io.weft.internal.step;

import io.weft.expression.Binary;
import io.weft.expression.Unary;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The inner loops of the JVM executor. A value must not depend on how many others are computed with
 * it, nor on the implementation: each follows the rule of {@link Arithmetic}, and treats the end of
 * an array like its middle. Implementations have no state.
 */
interface Kernels {

  /** Loops may read and write so many floats beyond the end that they are given. */
  int MARGIN = 64;

  /** How many probabilities {@link #exponentials} adds up at a time. */
  int BLOCK = 16;

  /** Returns what they are, as "plain loops". */
  String inWords();

  /** A weight matrix and a bias, laid out for {@link #multiply}. */
  interface Matrix {
    /** Returns the number of rows: of the numbers that a row is multiplied by. */
    int depth();

    /** Returns the number of columns. */
    int columns();

    /** Returns what the sums start from, at least one number for each column. */
    float[] bias();
  }

  /**
   * Returns what sums start from: the bias, where that is minus zero plus zero. So a sum is never
   * minus zero before something is added, and stays as it is where nothing but zeros is.
   */
  static float[] start(float @Nullable [] bias, int columns) {
    float[] start = new float[columns];
    for (int c = 0; bias != null && c < columns; c++) {
      start[c] = bias[c] + 0f;
    }
    return start;
  }

  /**
   * Lays out a matrix.
   *
   * @param rows the matrix, [rows, columns]
   * @param columns the number of columns
   * @param bias what the sums start from; zero if null
   */
  Matrix pack(float[][] rows, int columns, float @Nullable [] bias);

  /**
   * Returns a matrix as two, which have its first and its last columns, for two threads: together
   * their products are its products, in the same places. Nothing if these loops have no such thing
   * for it.
   */
  default Optional<Halves> halves(Matrix matrix) {
    return Optional.empty();
  }

  /** Returns whether there are such halves of a matrix of so many columns. */
  default boolean knowsHalves(int columns) {
    return false;
  }

  /** A matrix as two. */
  record Halves(Matrix first, Matrix last) {}

  /**
   * Returns whether products of so many columns write no number behind their rows. Sums that are
   * gone on with never do.
   */
  boolean multipliesOnly(int columns);

  /** Returns what {@link #multiply} works with, for matrices of at most so many columns. */
  float[][] scratch(int columns);

  /**
   * Multiplies rows by a matrix, and adds its bias: from that on, row after row of the matrix, by
   * fused multiply-adds.
   *
   * @param x where the rows are found, the first from {@code from} on, the next {@code stride}
   *     further
   * @param count the number of rows
   * @param result takes the rows of the product one after another; behind them {@link #MARGIN}
   *     numbers may change, unless it {@link #multipliesOnly} so many columns
   * @param to where in it
   */
  default void multiply(
      Matrix matrix,
      float[] x,
      int from,
      int stride,
      int count,
      float[] result,
      int to,
      float[][] scratch) {
    float[] bias = matrix.bias();
    multiplyAndAdd(
        matrix, 0, matrix.depth(), x, from, stride, count, bias, 0, 0, result, to, scratch);
  }

  /**
   * Adds products with some rows of a matrix to sums, by fused multiply-adds, row after row. In
   * parts, each going on with the sums before it, this gives the same bits as all at once.
   *
   * @param row the first row of the matrix
   * @param depth how many rows
   * @param start where the sums are found, those of the first row from {@code startAt} on, of the
   *     next {@code startStride} further; may be {@code result}
   * @param result as {@link #multiply} says where the sums start from the bias; otherwise nothing
   *     but the rows changes
   */
  void multiplyAndAdd(
      Matrix matrix,
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
      float[][] scratch);

  /** y[i] = f(x[i]) for i below n. */
  void unary(Unary function, float[] x, float[] y, int n);

  /**
   * Returns whether the loops over rows below are as quick where these lie apart, so that nobody
   * has to copy them together first.
   */
  default boolean takesRowsAnywhere() {
    return false;
  }

  /**
   * Returns whether the loops over rows below may write rows of a width to where something lies
   * behind them: anywhere in an array, and no number more than these rows have.
   */
  default boolean writesOnly(int width) {
    return false;
  }

  /**
   * The same for rows.
   *
   * @param x where the numbers of each row lie; one after another, from the beginning of an array
   *     on, unless {@link #takesRowsAnywhere}
   * @param y takes them, row after row, which are as wide as these are apart; from the beginning of
   *     an array on, unless it {@link #writesOnly} them
   */
  default void unary(Unary function, Rows x, Rows y, int rows) {
    int width = y.stride;
    unary(function, together(x, width), together(y, width), width * rows);
  }

  /**
   * y[to + i] = f(x[at + i]) for i below n by {@link Unary#apply}. Of the mean of a row each number
   * is the one before it again.
   */
  static void exact(Unary function, float[] x, int at, float[] y, int to, int n) {
    int bits = 0;
    float value = (float) function.apply(Float.intBitsToFloat(bits));
    for (int i = 0; i < n; i++) {
      int next = Float.floatToRawIntBits(x[at + i]);
      if (next != bits) {
        bits = next;
        value = (float) function.apply(x[at + i]);
      }
      y[to + i] = value;
    }
  }

  /** z[i] = f(x[i], y[i]) for i below n. */
  void binary(Binary function, float[] x, float[] y, float[] z, int n);

  /** The same for rows, as {@link #unary(Unary, Rows, Rows, int)} says. */
  default void binary(Binary function, Rows x, Rows y, Rows z, int rows) {
    int width = z.stride;
    binary(function, together(x, width), together(y, width), together(z, width), width * rows);
  }

  /**
   * y = (x - less) times + plus, each rounded by itself.
   *
   * @param x where the rows lie, as {@link #unary(Unary, Rows, Rows, int)} says
   * @param less what is subtracted, the same in every row, of which there are enough; as are {@code
   *     times} and {@code plus}
   * @param y takes the rows, as that says too
   */
  default void affine(Rows x, float[] less, float[] times, float[] plus, Rows y, int rows) {
    float[] numbers = together(y, y.stride);
    int n = y.stride * rows;
    binary(Binary.SUBTRACT, together(x, y.stride), less, numbers, n);
    binary(Binary.MULTIPLY, numbers, times, numbers, n);
    binary(Binary.ADD, numbers, plus, numbers, n);
  }

  /** {@link Unary#RELU} of {@link #affine}. */
  default void affineRelu(Rows x, float[] less, float[] times, float[] plus, Rows y, int rows) {
    affine(x, less, times, plus, y, rows);
    unary(Unary.RELU, y, y, rows);
  }

  private static float[] together(Rows x, int width) {
    if (x.from != 0 || x.stride != width) {
      throw new IllegalArgumentException("rows lie apart");
    }
    return x.numbers;
  }

  /** Returns whether x[from] to x[from + n - 1] are numbers, and none infinite. */
  boolean areFinite(float[] x, int from, int n);

  /** The same, one after the other. */
  static boolean areAllFinite(float[] x, int from, int n) {
    for (int i = from; i < from + n; i++) {
      if (!Float.isFinite(x[i])) {
        return false;
      }
    }
    return true;
  }

  /** Returns the largest number; not a number if there is such a one. */
  float largest(float[] x);

  /**
   * y[i] = e^((x[i] - largest) sharpness), for arrays of a multiple of {@link #BLOCK}.
   *
   * @param sums takes the sum of each block, added up from its first to its last
   */
  void exponentials(float[] x, float largest, float sharpness, float[] y, float[] sums);

  /**
   * y[i] = x[i] scale, without what is behind its point, for arrays of a multiple of {@link
   * #BLOCK}. The product is taken in double.
   *
   * @param x none below 0
   * @param scale such that no product is above 2^31 - 1
   */
  void wholes(float[] x, double scale, int[] y);

  /**
   * Adds products of a query and keys: y[s] becomes the sum of y[s] and query[from + k] keys[at + k
   * stride + s] over k below {@code count}, by fused multiply-add, k ascending.
   *
   * @param n how many sums; so many and no more mean anything
   */
  void addProducts(
      float[] query, int from, int count, float[] keys, int at, int stride, float[] y, int n);

  /**
   * Makes scores the weights of a softmax but for their sum, and returns that: x[i] becomes
   * e^((x[i] - largest) scale) for i below n. The sum is taken in order.
   *
   * @param n at least 1
   */
  float weights(float[] x, float scale, int n);

  /**
   * Writes a weighted sum of rows: result[to + j] is the sum of weights[s] rows[at + s stride + j]
   * over s below n, by fused multiply-add, s ascending.
   *
   * @param width how many numbers of each row; those behind them in {@code result} may change
   */
  void weighted(
      float[] weights, int n, float[] rows, int at, int stride, int width, float[] result, int to);
}
