package io.weft.order;

import java.util.ArrayList;
import java.util.List;

/** Hilbert's curve on rectangles of any size, after J. Cerveny's "gilbert" (2018). */
final class Hilbert {

  private final int columns;
  private final List<Integer> positions = new ArrayList<>();

  private Hilbert(int columns) {
    this.columns = columns;
  }

  /**
   * Follows the longer side, or the shorter one where only that avoids a diagonal step: between
   * corners of one colour of the chess board no path goes through an even number of fields.
   */
  static int[] positions(int height, int width) {
    boolean odd = Math.max(height, width) % 2 == 1 && Math.min(height, width) % 2 == 0;
    boolean alongRows = odd ? width < height : width >= height;
    Hilbert curve = new Hilbert(width);
    if (alongRows) {
      curve.fill(0, 0, 0, width, height, 0);
    } else {
      curve.fill(0, 0, height, 0, 0, width);
    }
    return curve.positions.stream().mapToInt(p -> p).toArray();
  }

  /**
   * Fills the rectangle that begins at a corner and is spanned by two vectors along the axes, and
   * ends at the corner that the first one leads to.
   */
  private void fill(int row, int column, int aRow, int aColumn, int bRow, int bColumn) {
    int length = Math.abs(aRow + aColumn);
    int breadth = Math.abs(bRow + bColumn);
    if (breadth == 1) {
      line(row, column, aRow, aColumn, length);
      return;
    }
    if (length == 1) {
      line(row, column, bRow, bColumn, breadth);
      return;
    }
    int halfRow = Math.floorDiv(aRow, 2);
    int halfColumn = Math.floorDiv(aColumn, 2);
    if (2 * length > 3 * breadth) {
      if (Math.abs(halfRow + halfColumn) % 2 == 1 && length > 2) {
        halfRow += Integer.signum(aRow);
        halfColumn += Integer.signum(aColumn);
      }
      fill(row, column, halfRow, halfColumn, bRow, bColumn);
      fill(row + halfRow, column + halfColumn, aRow - halfRow, aColumn - halfColumn, bRow, bColumn);
      return;
    }
    int sideRow = Math.floorDiv(bRow, 2);
    int sideColumn = Math.floorDiv(bColumn, 2);
    if (Math.abs(sideRow + sideColumn) % 2 == 1 && breadth > 2) {
      sideRow += Integer.signum(bRow);
      sideColumn += Integer.signum(bColumn);
    }
    fill(row, column, sideRow, sideColumn, halfRow, halfColumn);
    fill(row + sideRow, column + sideColumn, aRow, aColumn, bRow - sideRow, bColumn - sideColumn);
    fill(
        row + aRow - Integer.signum(aRow) + sideRow - Integer.signum(bRow),
        column + aColumn - Integer.signum(aColumn) + sideColumn - Integer.signum(bColumn),
        -sideRow,
        -sideColumn,
        halfRow - aRow,
        halfColumn - aColumn);
  }

  private void line(int row, int column, int toRow, int toColumn, int length) {
    for (int i = 0; i < length; i++) {
      positions.add(
          (row + i * Integer.signum(toRow)) * columns + column + i * Integer.signum(toColumn));
    }
  }
}
