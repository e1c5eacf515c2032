package io.weft.internal.step;

import io.weft.weight.Weights;
import java.util.List;

/** The rows that a look-up finds, the columns in use alone. */
final class Table {

  private final int levels;
  private final int width;
  private final float[] rows;

  private Table(int levels, int width, float[] rows) {
    this.levels = levels;
    this.width = width;
    this.rows = rows;
  }

  /** Returns the table of a look-up. */
  static Table of(Instruction.LookupStep lookup, Weights weights) {
    float[] values = weights.values(lookup.table());
    int columns = weights.parameter(lookup.table()).columns();
    List<Integer> used = lookup.columns();
    int width = used.size();
    float[] rows = new float[Math.multiplyExact(lookup.levels(), width)];
    for (int level = 0; level < lookup.levels(); level++) {
      int row = (lookup.from() + level) * columns;
      for (int c = 0; c < width; c++) {
        rows[level * width + c] = values[row + used.get(c)];
      }
    }
    return new Table(lookup.levels(), width, rows);
  }

  /**
   * Returns the level that a value stands for.
   *
   * @param value a scaled level, or what else; not a number stands for level 0
   */
  static int level(float value, int levels) {
    int level = (int) Math.floor((value + 1) * ((levels - 1) / 2f) + 0.5f);
    return Math.max(0, Math.min(levels - 1, level));
  }

  /** Copies the row that a value stands for. */
  void copyRow(float value, float[] to, int at) {
    System.arraycopy(rows, level(value, levels) * width, to, at, width);
  }
}
