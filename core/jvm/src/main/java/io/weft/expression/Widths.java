package io.weft.expression;

/** The limits of how many values an expression gives at a position. */
final class Widths {

  /** Far above any layer (a product of that many rows is too), and far below an overflow. */
  private static final long MOST = 1 << 24;

  private Widths() {}

  /** Checks that a connectivity is that of a matrix. */
  static void checkFit(Parameter matrix, Connectivity connectivity) {
    if (connectivity.rows() != matrix.rows() || connectivity.columns() != matrix.columns()) {
      throw new IllegalArgumentException(
          "the connectivity is "
              + connectivity.rows()
              + " x "
              + connectivity.columns()
              + ", parameter \""
              + matrix.name()
              + "\" is "
              + matrix.rows()
              + " x "
              + matrix.columns());
    }
  }

  /** Checks a number of values. */
  static void check(long width) {
    if (width < 1 || width > MOST) {
      throw new IllegalArgumentException(
          "an expression gives 1 to 2^24 values at a position, found " + width);
    }
  }
}
