package io.weft.order;

/**
 * One of the eight symmetries of the square: rows and columns exchanged or not, and then rows
 * flipped, columns flipped, or both.
 *
 * @param transposed whether rows and columns are exchanged
 * @param rows whether rows are flipped after that
 * @param columns whether columns are flipped after that
 */
record Symmetry(boolean transposed, boolean rows, boolean columns) {

  static final Symmetry NONE = new Symmetry(false, false, false);

  Symmetry flipRows() {
    return new Symmetry(transposed, !rows, columns);
  }

  Symmetry flipColumns() {
    return new Symmetry(transposed, rows, !columns);
  }

  /** Exchanging rows and columns after a flip is the other flip after exchanging them. */
  Symmetry transpose() {
    return new Symmetry(!transposed, columns, rows);
  }

  /** Returns the row-major positions of a curve through a grid, moved by this symmetry. */
  int[] apply(Curve curve, int height, int width) {
    int[] positions = transposed ? curve.positions(width, height) : curve.positions(height, width);
    for (int i = 0; i < positions.length; i++) {
      int row = transposed ? positions[i] % height : positions[i] / width;
      int column = transposed ? positions[i] / height : positions[i] % width;
      positions[i] =
          (rows ? height - 1 - row : row) * width + (columns ? width - 1 - column : column);
    }
    return positions;
  }

  /** Returns what follows the name of an order that is moved. */
  String suffix() {
    String flips =
        rows && columns
            ? "+" + OrderNames.ROTATE_180
            : rows ? "+" + OrderNames.FLIP_ROWS : columns ? "+" + OrderNames.FLIP_COLUMNS : "";
    return (transposed ? "+" + OrderNames.TRANSPOSE : "") + flips;
  }
}
