package io.weft.internal.step;

import static io.weft.internal.step.VectorPanels.L;
import static io.weft.internal.step.VectorPanels.PAIR;
import static io.weft.internal.step.VectorPanels.WIDE;

/**
 * Products of rows and a matrix over the vectors of the processor.
 *
 * <p>They are computed in blocks of four or eight rows by one panel; a single row takes several
 * panels at a time instead.
 */
final class VectorProducts {

  /** The columns that a single row is multiplied by at a time. */
  private static final int TOGETHER = 4 * PAIR;

  private VectorProducts() {}

  /** Returns what {@link #multiplyAndAdd} works with. */
  static float[][] scratch() {
    return new float[1][8 * WIDE];
  }

  /** As {@link Kernels#multiplyAndAdd} says. */
  static void multiplyAndAdd(
      VectorPanels m,
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
    // Rows that are left over by blocks of four go by several panels at a time, each by itself.
    int block = m.columns < TOGETHER ? count : Math.max(1, count / 4 * 4);
    if (block < count) {
      for (int r = 0; r < count; r += r == 0 ? block : 1) {
        int rows = r == 0 ? block : 1;
        int of = from + r * stride;
        int sums = startAt + r * startStride;
        int columns = to + r * m.columns;
        multiplyAndAdd(
            m, row, depth, x, of, stride, rows, start, sums, startStride, result, columns, scratch);
      }
      return;
    }
    if (count == 1 && m.halves != null) {
      VectorHalves.row(
          m.halves,
          m.depth,
          m.begin,
          m.end,
          row,
          depth,
          x,
          from,
          start,
          startAt,
          result,
          to,
          scratch[0]);
      return;
    }
    int first = m.begin;
    int width = m.width(first);
    while (first + width <= m.end) {
      if (count == 1 && severalPanels(m, first, row, depth, x, from, start, startAt, result, to)) {
        first += TOGETHER;
      } else {
        int at = first * m.depth + row * width;
        int sums = startAt + first;
        int columns = to + first;
        rows(
            m,
            at,
            width,
            depth,
            x,
            from,
            stride,
            count,
            start,
            sums,
            startStride,
            result,
            columns,
            m.columns);
        first += width;
      }
      width = m.width(first);
    }
    if (first == 0 && start == m.bias) {
      // The only panel: what a row writes beyond its end, the next one writes again.
      int at = row * width;
      rows(m, at, width, depth, x, from, stride, count, start, startAt, 0, result, to, m.columns);
    } else if (first < m.end) {
      rest(
          m,
          first,
          row,
          depth,
          x,
          from,
          stride,
          count,
          start,
          startAt,
          startStride,
          result,
          to,
          scratch[0]);
    }
  }

  /** Multiplies by the last panel, of which not all columns are the matrix's. */
  private static void rest(
      VectorPanels m,
      int first,
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
      float[] some) {
    int width = m.width(first);
    int at = first * m.depth + row * width;
    int columns = m.columns - first;
    // The bias has as many numbers as the panels have columns, other sums have not.
    boolean bias = start == m.bias;
    for (int r = 0; r < count; r += 8) {
      int block = Math.min(8, count - r);
      int of = from + r * stride;
      if (bias) {
        int sums = startAt + first;
        rows(m, at, width, depth, x, of, stride, block, start, sums, 0, some, 0, width);
      } else {
        for (int i = 0; i < block; i++) {
          int sums = startAt + (r + i) * startStride + first;
          System.arraycopy(start, sums, some, i * width, columns);
        }
        rows(m, at, width, depth, x, of, stride, block, some, 0, width, some, 0, width);
      }
      for (int i = 0; i < block; i++) {
        System.arraycopy(some, i * width, result, to + (r + i) * m.columns + first, columns);
      }
    }
  }

  /** Multiplies a row by the panels from a column on, if there are enough that go together. */
  private static boolean severalPanels(
      VectorPanels m,
      int first,
      int row,
      int depth,
      float[] x,
      int from,
      float[] start,
      int startAt,
      float[] y,
      int to) {
    if (m.width(first) != PAIR || first + TOGETHER > m.end) {
      return false;
    }
    int at = first * m.depth + row * PAIR;
    int size = m.depth * PAIR;
    int columns = to + first;
    VectorBlocks.fourPanels(
        m.weights, at, size, depth, x, from, start, startAt + first, y, columns);
    return true;
  }

  /** Multiplies rows by a panel, as {@link VectorBlocks} says. */
  private static void rows(
      VectorPanels m,
      int at,
      int width,
      int depth,
      float[] x,
      int from,
      int stride,
      int count,
      float[] start,
      int startAt,
      int startStride,
      float[] y,
      int to,
      int toStride) {
    int eights = m.manyRegisters || width == L ? count & ~7 : 0;
    int fours = count & ~3;
    float[] w = m.weights;
    for (int r = 0, some; r < count; r += some) {
      int of = from + r * stride;
      int sums = startAt + r * startStride;
      int columns = to + r * toStride;
      if (r < eights) {
        some = 8;
        eight(w, at, width, depth, x, of, stride, start, sums, startStride, y, columns, toStride);
      } else if (r < fours) {
        some = 4;
        four(w, at, width, depth, x, of, stride, start, sums, startStride, y, columns, toStride);
      } else {
        some = 1;
        one(w, at, width, depth, x, of, start, sums, y, columns);
      }
    }
  }

  private static void eight(
      float[] w,
      int at,
      int width,
      int depth,
      float[] x,
      int from,
      int stride,
      float[] start,
      int startAt,
      int startStride,
      float[] y,
      int to,
      int toStride) {
    if (width == PAIR) {
      VectorBlocks.eightRows(
          w, at, depth, x, from, stride, start, startAt, startStride, y, to, toStride);
    } else if (width == WIDE) {
      VectorBlocks.eightRowsWide(
          w, at, depth, x, from, stride, start, startAt, startStride, y, to, toStride);
    } else {
      VectorBlocks.eightRowsSingle(
          w, at, depth, x, from, stride, start, startAt, startStride, y, to, toStride);
    }
  }

  private static void four(
      float[] w,
      int at,
      int width,
      int depth,
      float[] x,
      int from,
      int stride,
      float[] start,
      int startAt,
      int startStride,
      float[] y,
      int to,
      int toStride) {
    if (width == PAIR) {
      VectorBlocks.fourRows(
          w, at, depth, x, from, stride, start, startAt, startStride, y, to, toStride);
    } else if (width == WIDE) {
      VectorBlocks.fourRowsWide(
          w, at, depth, x, from, stride, start, startAt, startStride, y, to, toStride);
    } else {
      VectorBlocks.fourRowsSingle(
          w, at, depth, x, from, stride, start, startAt, startStride, y, to, toStride);
    }
  }

  private static void one(
      float[] w,
      int at,
      int width,
      int depth,
      float[] x,
      int from,
      float[] start,
      int startAt,
      float[] y,
      int to) {
    if (width == PAIR) {
      VectorBlocks.row(w, at, depth, x, from, start, startAt, y, to);
    } else if (width == WIDE) {
      VectorBlocks.rowWide(w, at, depth, x, from, start, startAt, y, to);
    } else {
      VectorBlocks.rowSingle(w, at, depth, x, from, start, startAt, y, to);
    }
  }
}
