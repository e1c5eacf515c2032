package io.weft.explain;

import java.util.Arrays;
import java.util.function.IntBinaryOperator;
import java.util.stream.IntStream;

/**
 * Square cells of colours with lines between them, in few rectangles: cells of one colour that lie
 * together are one, and the lines are drawn over them.
 */
final class Grid {

  private final int rows;
  private final int columns;
  private final int cell;
  private final int[] colours;
  private final boolean[] isDrawn;

  /**
   * Makes a grid.
   *
   * @param cell the side of a cell, with the line to the next
   * @param colour of a row and a column, as 0xRRGGBB
   */
  Grid(int rows, int columns, int cell, IntBinaryOperator colour) {
    this.rows = rows;
    this.columns = columns;
    this.cell = cell;
    colours = new int[rows * columns];
    isDrawn = new boolean[rows * columns];
    for (int i = 0; i < colours.length; i++) {
      colours[i] = colour.applyAsInt(i / columns, i % columns);
    }
  }

  /** Returns the height, lines around it included. */
  int height() {
    return rows * cell + 1;
  }

  /** Returns the width, lines around it included. */
  int width() {
    return columns * cell + 1;
  }

  /** Draws the grid, once. */
  void draw(Canvas canvas, int top, int left) {
    for (int i = 0; i < colours.length; i++) {
      if (!isDrawn[i]) {
        int across = across(i);
        int down = down(i, across);
        canvas.fill(
            top + i / columns * cell,
            left + i % columns * cell,
            down * cell,
            across * cell,
            colours[i]);
      }
    }
    for (int row = 0; row <= rows; row++) {
      canvas.fill(top + row * cell, left, 1, width(), Palette.LINE);
    }
    for (int column = 0; column <= columns; column++) {
      canvas.fill(top, left + column * cell, height(), 1, Palette.LINE);
    }
  }

  /** Returns how many cells from this one on have its colour and are not drawn yet. */
  private int across(int first) {
    int end = (first / columns + 1) * columns;
    int at = first;
    while (at < end && isLike(at, first)) {
      at++;
    }
    return at - first;
  }

  /** Marks that many cells as drawn, and those below them as far as all are alike; returns rows. */
  private int down(int first, int across) {
    int down = 0;
    for (int at = first; at < colours.length; at += columns) {
      int begin = at;
      if (!IntStream.range(begin, begin + across).allMatch(i -> isLike(i, first))) {
        break;
      }
      down++;
    }
    for (int row = 0; row < down; row++) {
      Arrays.fill(isDrawn, first + row * columns, first + row * columns + across, true);
    }
    return down;
  }

  private boolean isLike(int other, int first) {
    return !isDrawn[other] && colours[other] == colours[first];
  }
}
