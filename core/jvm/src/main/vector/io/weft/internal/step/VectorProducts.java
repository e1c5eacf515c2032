package io.weft.internal.step;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/**
 * Products of rows and a matrix over the vectors of the processor.
 *
 * <p>A matrix is cut into panels of two or three vectors of columns; a panel's rows follow one
 * another, so that weights are read in one stream. Products are computed in blocks of four or eight
 * rows by one panel, whose sums stay in registers; a single row takes several panels at a time
 * instead.
 */
final class VectorProducts {

  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int L = S.length();

  // With half a kilobyte of registers, four rows of sums by three vectors are all that fit; with
  // two, eight rows do.
  private static final boolean MANY_REGISTERS = S.vectorBitSize() == 512;

  // The columns of a panel: never of one vector, which would be no quicker than two.
  private static final int NARROW = 2 * L;
  private static final int WIDE = 3 * L;

  /** The columns that a single row is multiplied by at a time. */
  private static final int TOGETHER = MANY_REGISTERS ? 4 * NARROW : 2 * WIDE;

  private VectorProducts() {}

  /**
   * Panel after panel [depth, columns of the panel], filled up with zeros: first the wide ones,
   * then the narrow ones.
   */
  static final class Panels implements Kernels.Matrix {
    final float[] weights;
    final float[] bias;
    final int depth;
    final int columns;

    /** The columns of all wide panels. */
    final int wide;

    /** The same in halves, for a single row, if no number has more bits. */
    final int @Nullable [] halves;

    Panels(float[][] rows, int columns, float[] bias) {
      int all = all(columns);
      this.columns = columns;
      this.depth = rows.length;
      this.wide = wide(all);
      this.bias = Arrays.copyOf(bias, all);
      this.halves = VectorHalves.pack(rows, columns);
      this.weights = new float[all * depth];
      for (int first = 0; first < columns; first += width(first)) {
        int width = Math.min(width(first), columns - first);
        for (int k = 0; k < depth; k++) {
          int to = first * depth + k * width(first);
          System.arraycopy(rows[k], first, weights, to, width);
        }
      }
    }

    /**
     * Of so many columns those in wide panels. With few registers most are: narrow ones take the
     * vectors that wide ones leave over, two are one of them, one more makes two. With many, eight
     * rows by a narrow panel are as quick, and a single row takes four of them: only an odd vector
     * makes a panel wide.
     */
    private static int wide(int all) {
      if (MANY_REGISTERS) {
        return all % NARROW == 0 ? 0 : WIDE;
      }
      return all - (WIDE - all % WIDE) % WIDE / L * NARROW;
    }

    /** The columns of the panel that begins at a column. */
    int width(int first) {
      return width(first, wide);
    }

    private static int width(int first, int wide) {
      return first < wide ? WIDE : NARROW;
    }

    /** How many columns all panels have. */
    private static int all(int columns) {
      return Math.max(NARROW, (columns + L - 1) / L * L);
    }

    @Override
    public int depth() {
      return depth;
    }

    @Override
    public int columns() {
      return columns;
    }

    @Override
    public float[] bias() {
      return bias;
    }
  }

  /**
   * As {@link Kernels#multipliesOnly} says: whether more than one panel is needed, or all of it.
   */
  static boolean multipliesOnly(int columns) {
    return columns >= Panels.width(0, Panels.wide(Panels.all(columns)));
  }

  /** Returns what {@link #multiplyAndAdd} works with. */
  static float[][] scratch() {
    return new float[1][8 * WIDE];
  }

  /** As {@link Kernels#multiplyAndAdd} says. */
  static void multiplyAndAdd(
      Panels m,
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
          m.columns,
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
    float[] w = m.weights;
    int first = 0;
    int width = m.width(first);
    while (first + width <= m.columns) {
      if (count == 1 && severalPanels(m, first, row, depth, x, from, start, startAt, result, to)) {
        first += TOGETHER;
      } else {
        int at = first * m.depth + row * width;
        int sums = startAt + first;
        int columns = to + first;
        rows(
            w,
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
      rows(w, at, width, depth, x, from, stride, count, start, startAt, 0, result, to, m.columns);
    } else if (first < m.columns) {
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
      Panels m,
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
        rows(m.weights, at, width, depth, x, of, stride, block, start, sums, 0, some, 0, width);
      } else {
        for (int i = 0; i < block; i++) {
          int sums = startAt + (r + i) * startStride + first;
          System.arraycopy(start, sums, some, i * width, columns);
        }
        rows(m.weights, at, width, depth, x, of, stride, block, some, 0, width, some, 0, width);
      }
      for (int i = 0; i < block; i++) {
        System.arraycopy(some, i * width, result, to + (r + i) * m.columns + first, columns);
      }
    }
  }

  /** Multiplies a row by the panels from a column on, if there are enough that go together. */
  private static boolean severalPanels(
      Panels m,
      int first,
      int row,
      int depth,
      float[] x,
      int from,
      float[] start,
      int startAt,
      float[] y,
      int to) {
    int width = MANY_REGISTERS ? NARROW : WIDE;
    int end = MANY_REGISTERS ? m.columns : Math.min(m.wide, m.columns);
    if (m.width(first) != width || first + TOGETHER > end) {
      return false;
    }
    int at = first * m.depth + row * width;
    int size = m.depth * width;
    if (MANY_REGISTERS) {
      fourPanels(m.weights, at, size, depth, x, from, start, startAt + first, y, to + first);
    } else {
      twoPanels(m.weights, at, size, depth, x, from, start, startAt + first, y, to + first);
    }
    return true;
  }

  // Below, the sums of row r start from those from start[startAt + r * startStride] on.

  private static void rows(
      float[] w,
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
    int r = 0;
    boolean wide = width > NARROW;
    if (MANY_REGISTERS) {
      for (; r + 8 <= count; r += 8) {
        int of = from + r * stride;
        int sums = startAt + r * startStride;
        int columns = to + r * toStride;
        if (wide) {
          eightRowsWide(
              w, at, depth, x, of, stride, start, sums, startStride, y, columns, toStride);
        } else {
          eightRows(w, at, depth, x, of, stride, start, sums, startStride, y, columns, toStride);
        }
      }
    }
    for (; r + 4 <= count; r += 4) {
      int of = from + r * stride;
      int sums = startAt + r * startStride;
      int columns = to + r * toStride;
      if (wide) {
        fourRowsWide(w, at, depth, x, of, stride, start, sums, startStride, y, columns, toStride);
      } else {
        fourRows(w, at, depth, x, of, stride, start, sums, startStride, y, columns, toStride);
      }
    }
    for (; r < count; r++) {
      int of = from + r * stride;
      int sums = startAt + r * startStride;
      if (wide) {
        rowWide(w, at, depth, x, of, start, sums, y, to + r * toStride);
      } else {
        row(w, at, depth, x, of, start, sums, y, to + r * toStride);
      }
    }
  }

  private static void row(
      float[] w,
      int at,
      int depth,
      float[] x,
      int from,
      float[] start,
      int startAt,
      float[] y,
      int to) {
    FloatVector a = FloatVector.fromArray(S, start, startAt);
    FloatVector b = FloatVector.fromArray(S, start, startAt + L);
    for (int k = 0; k < depth; k++) {
      FloatVector v = FloatVector.broadcast(S, x[from + k]);
      a = v.fma(FloatVector.fromArray(S, w, at + k * NARROW), a);
      b = v.fma(FloatVector.fromArray(S, w, at + k * NARROW + L), b);
    }
    a.intoArray(y, to);
    b.intoArray(y, to + L);
  }

  private static void rowWide(
      float[] w,
      int at,
      int depth,
      float[] x,
      int from,
      float[] start,
      int startAt,
      float[] y,
      int to) {
    FloatVector a = FloatVector.fromArray(S, start, startAt);
    FloatVector b = FloatVector.fromArray(S, start, startAt + L);
    FloatVector c = FloatVector.fromArray(S, start, startAt + 2 * L);
    for (int k = 0; k < depth; k++) {
      FloatVector v = FloatVector.broadcast(S, x[from + k]);
      a = v.fma(FloatVector.fromArray(S, w, at + k * WIDE), a);
      b = v.fma(FloatVector.fromArray(S, w, at + k * WIDE + L), b);
      c = v.fma(FloatVector.fromArray(S, w, at + k * WIDE + 2 * L), c);
    }
    a.intoArray(y, to);
    b.intoArray(y, to + L);
    c.intoArray(y, to + 2 * L);
  }

  /** One row by two wide panels. */
  private static void twoPanels(
      float[] w,
      int at0,
      int size,
      int depth,
      float[] x,
      int from,
      float[] start,
      int startAt,
      float[] y,
      int to) {
    int at1 = at0 + size;
    FloatVector a0 = FloatVector.fromArray(S, start, startAt);
    FloatVector b0 = FloatVector.fromArray(S, start, startAt + L);
    FloatVector c0 = FloatVector.fromArray(S, start, startAt + 2 * L);
    FloatVector a1 = FloatVector.fromArray(S, start, startAt + 3 * L);
    FloatVector b1 = FloatVector.fromArray(S, start, startAt + 4 * L);
    FloatVector c1 = FloatVector.fromArray(S, start, startAt + 5 * L);
    for (int k = 0; k < depth; k++) {
      FloatVector v = FloatVector.broadcast(S, x[from + k]);
      a0 = v.fma(FloatVector.fromArray(S, w, at0 + k * WIDE), a0);
      b0 = v.fma(FloatVector.fromArray(S, w, at0 + k * WIDE + L), b0);
      c0 = v.fma(FloatVector.fromArray(S, w, at0 + k * WIDE + 2 * L), c0);
      a1 = v.fma(FloatVector.fromArray(S, w, at1 + k * WIDE), a1);
      b1 = v.fma(FloatVector.fromArray(S, w, at1 + k * WIDE + L), b1);
      c1 = v.fma(FloatVector.fromArray(S, w, at1 + k * WIDE + 2 * L), c1);
    }
    a0.intoArray(y, to);
    b0.intoArray(y, to + L);
    c0.intoArray(y, to + 2 * L);
    a1.intoArray(y, to + 3 * L);
    b1.intoArray(y, to + 4 * L);
    c1.intoArray(y, to + 5 * L);
  }

  /** One row by four narrow panels: so many sums at a time keep the multipliers busy. */
  private static void fourPanels(
      float[] w,
      int at0,
      int size,
      int depth,
      float[] x,
      int from,
      float[] start,
      int startAt,
      float[] y,
      int to) {
    int at1 = at0 + size;
    int at2 = at1 + size;
    int at3 = at2 + size;
    FloatVector a0 = FloatVector.fromArray(S, start, startAt);
    FloatVector b0 = FloatVector.fromArray(S, start, startAt + L);
    FloatVector a1 = FloatVector.fromArray(S, start, startAt + 2 * L);
    FloatVector b1 = FloatVector.fromArray(S, start, startAt + 3 * L);
    FloatVector a2 = FloatVector.fromArray(S, start, startAt + 4 * L);
    FloatVector b2 = FloatVector.fromArray(S, start, startAt + 5 * L);
    FloatVector a3 = FloatVector.fromArray(S, start, startAt + 6 * L);
    FloatVector b3 = FloatVector.fromArray(S, start, startAt + 7 * L);
    for (int k = 0; k < depth; k++) {
      FloatVector v = FloatVector.broadcast(S, x[from + k]);
      a0 = v.fma(FloatVector.fromArray(S, w, at0 + k * NARROW), a0);
      b0 = v.fma(FloatVector.fromArray(S, w, at0 + k * NARROW + L), b0);
      a1 = v.fma(FloatVector.fromArray(S, w, at1 + k * NARROW), a1);
      b1 = v.fma(FloatVector.fromArray(S, w, at1 + k * NARROW + L), b1);
      a2 = v.fma(FloatVector.fromArray(S, w, at2 + k * NARROW), a2);
      b2 = v.fma(FloatVector.fromArray(S, w, at2 + k * NARROW + L), b2);
      a3 = v.fma(FloatVector.fromArray(S, w, at3 + k * NARROW), a3);
      b3 = v.fma(FloatVector.fromArray(S, w, at3 + k * NARROW + L), b3);
    }
    a0.intoArray(y, to);
    b0.intoArray(y, to + L);
    a1.intoArray(y, to + 2 * L);
    b1.intoArray(y, to + 3 * L);
    a2.intoArray(y, to + 4 * L);
    b2.intoArray(y, to + 5 * L);
    a3.intoArray(y, to + 6 * L);
    b3.intoArray(y, to + 7 * L);
  }

  private static void fourRows(
      float[] w,
      int at,
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
    int from1 = from + stride;
    int from2 = from1 + stride;
    int from3 = from2 + stride;
    FloatVector a0 = FloatVector.fromArray(S, start, startAt);
    FloatVector b0 = FloatVector.fromArray(S, start, startAt + L);
    FloatVector a1 = FloatVector.fromArray(S, start, startAt + startStride);
    FloatVector b1 = FloatVector.fromArray(S, start, startAt + startStride + L);
    FloatVector a2 = FloatVector.fromArray(S, start, startAt + 2 * startStride);
    FloatVector b2 = FloatVector.fromArray(S, start, startAt + 2 * startStride + L);
    FloatVector a3 = FloatVector.fromArray(S, start, startAt + 3 * startStride);
    FloatVector b3 = FloatVector.fromArray(S, start, startAt + 3 * startStride + L);
    for (int k = 0; k < depth; k++) {
      FloatVector u = FloatVector.fromArray(S, w, at + k * NARROW);
      FloatVector v = FloatVector.fromArray(S, w, at + k * NARROW + L);
      FloatVector x0 = FloatVector.broadcast(S, x[from + k]);
      a0 = x0.fma(u, a0);
      b0 = x0.fma(v, b0);
      FloatVector x1 = FloatVector.broadcast(S, x[from1 + k]);
      a1 = x1.fma(u, a1);
      b1 = x1.fma(v, b1);
      FloatVector x2 = FloatVector.broadcast(S, x[from2 + k]);
      a2 = x2.fma(u, a2);
      b2 = x2.fma(v, b2);
      FloatVector x3 = FloatVector.broadcast(S, x[from3 + k]);
      a3 = x3.fma(u, a3);
      b3 = x3.fma(v, b3);
    }
    a0.intoArray(y, to);
    b0.intoArray(y, to + L);
    a1.intoArray(y, to + toStride);
    b1.intoArray(y, to + toStride + L);
    a2.intoArray(y, to + 2 * toStride);
    b2.intoArray(y, to + 2 * toStride + L);
    a3.intoArray(y, to + 3 * toStride);
    b3.intoArray(y, to + 3 * toStride + L);
  }

  private static void fourRowsWide(
      float[] w,
      int at,
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
    int from1 = from + stride;
    int from2 = from1 + stride;
    int from3 = from2 + stride;
    FloatVector a0 = FloatVector.fromArray(S, start, startAt);
    FloatVector b0 = FloatVector.fromArray(S, start, startAt + L);
    FloatVector c0 = FloatVector.fromArray(S, start, startAt + 2 * L);
    FloatVector a1 = FloatVector.fromArray(S, start, startAt + startStride);
    FloatVector b1 = FloatVector.fromArray(S, start, startAt + startStride + L);
    FloatVector c1 = FloatVector.fromArray(S, start, startAt + startStride + 2 * L);
    FloatVector a2 = FloatVector.fromArray(S, start, startAt + 2 * startStride);
    FloatVector b2 = FloatVector.fromArray(S, start, startAt + 2 * startStride + L);
    FloatVector c2 = FloatVector.fromArray(S, start, startAt + 2 * startStride + 2 * L);
    FloatVector a3 = FloatVector.fromArray(S, start, startAt + 3 * startStride);
    FloatVector b3 = FloatVector.fromArray(S, start, startAt + 3 * startStride + L);
    FloatVector c3 = FloatVector.fromArray(S, start, startAt + 3 * startStride + 2 * L);
    for (int k = 0; k < depth; k++) {
      FloatVector t = FloatVector.fromArray(S, w, at + k * WIDE);
      FloatVector u = FloatVector.fromArray(S, w, at + k * WIDE + L);
      FloatVector v = FloatVector.fromArray(S, w, at + k * WIDE + 2 * L);
      FloatVector x0 = FloatVector.broadcast(S, x[from + k]);
      a0 = x0.fma(t, a0);
      b0 = x0.fma(u, b0);
      c0 = x0.fma(v, c0);
      FloatVector x1 = FloatVector.broadcast(S, x[from1 + k]);
      a1 = x1.fma(t, a1);
      b1 = x1.fma(u, b1);
      c1 = x1.fma(v, c1);
      FloatVector x2 = FloatVector.broadcast(S, x[from2 + k]);
      a2 = x2.fma(t, a2);
      b2 = x2.fma(u, b2);
      c2 = x2.fma(v, c2);
      FloatVector x3 = FloatVector.broadcast(S, x[from3 + k]);
      a3 = x3.fma(t, a3);
      b3 = x3.fma(u, b3);
      c3 = x3.fma(v, c3);
    }
    a0.intoArray(y, to);
    b0.intoArray(y, to + L);
    c0.intoArray(y, to + 2 * L);
    a1.intoArray(y, to + toStride);
    b1.intoArray(y, to + toStride + L);
    c1.intoArray(y, to + toStride + 2 * L);
    a2.intoArray(y, to + 2 * toStride);
    b2.intoArray(y, to + 2 * toStride + L);
    c2.intoArray(y, to + 2 * toStride + 2 * L);
    a3.intoArray(y, to + 3 * toStride);
    b3.intoArray(y, to + 3 * toStride + L);
    c3.intoArray(y, to + 3 * toStride + 2 * L);
  }

  private static void eightRows(
      float[] w,
      int at,
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
    int from1 = from + stride;
    int from2 = from1 + stride;
    int from3 = from2 + stride;
    int from4 = from3 + stride;
    int from5 = from4 + stride;
    int from6 = from5 + stride;
    int from7 = from6 + stride;
    FloatVector a0 = FloatVector.fromArray(S, start, startAt);
    FloatVector b0 = FloatVector.fromArray(S, start, startAt + L);
    FloatVector a1 = FloatVector.fromArray(S, start, startAt + startStride);
    FloatVector b1 = FloatVector.fromArray(S, start, startAt + startStride + L);
    FloatVector a2 = FloatVector.fromArray(S, start, startAt + 2 * startStride);
    FloatVector b2 = FloatVector.fromArray(S, start, startAt + 2 * startStride + L);
    FloatVector a3 = FloatVector.fromArray(S, start, startAt + 3 * startStride);
    FloatVector b3 = FloatVector.fromArray(S, start, startAt + 3 * startStride + L);
    FloatVector a4 = FloatVector.fromArray(S, start, startAt + 4 * startStride);
    FloatVector b4 = FloatVector.fromArray(S, start, startAt + 4 * startStride + L);
    FloatVector a5 = FloatVector.fromArray(S, start, startAt + 5 * startStride);
    FloatVector b5 = FloatVector.fromArray(S, start, startAt + 5 * startStride + L);
    FloatVector a6 = FloatVector.fromArray(S, start, startAt + 6 * startStride);
    FloatVector b6 = FloatVector.fromArray(S, start, startAt + 6 * startStride + L);
    FloatVector a7 = FloatVector.fromArray(S, start, startAt + 7 * startStride);
    FloatVector b7 = FloatVector.fromArray(S, start, startAt + 7 * startStride + L);
    for (int k = 0; k < depth; k++) {
      FloatVector u = FloatVector.fromArray(S, w, at + k * NARROW);
      FloatVector v = FloatVector.fromArray(S, w, at + k * NARROW + L);
      FloatVector x0 = FloatVector.broadcast(S, x[from + k]);
      a0 = x0.fma(u, a0);
      b0 = x0.fma(v, b0);
      FloatVector x1 = FloatVector.broadcast(S, x[from1 + k]);
      a1 = x1.fma(u, a1);
      b1 = x1.fma(v, b1);
      FloatVector x2 = FloatVector.broadcast(S, x[from2 + k]);
      a2 = x2.fma(u, a2);
      b2 = x2.fma(v, b2);
      FloatVector x3 = FloatVector.broadcast(S, x[from3 + k]);
      a3 = x3.fma(u, a3);
      b3 = x3.fma(v, b3);
      FloatVector x4 = FloatVector.broadcast(S, x[from4 + k]);
      a4 = x4.fma(u, a4);
      b4 = x4.fma(v, b4);
      FloatVector x5 = FloatVector.broadcast(S, x[from5 + k]);
      a5 = x5.fma(u, a5);
      b5 = x5.fma(v, b5);
      FloatVector x6 = FloatVector.broadcast(S, x[from6 + k]);
      a6 = x6.fma(u, a6);
      b6 = x6.fma(v, b6);
      FloatVector x7 = FloatVector.broadcast(S, x[from7 + k]);
      a7 = x7.fma(u, a7);
      b7 = x7.fma(v, b7);
    }
    a0.intoArray(y, to);
    b0.intoArray(y, to + L);
    a1.intoArray(y, to + toStride);
    b1.intoArray(y, to + toStride + L);
    a2.intoArray(y, to + 2 * toStride);
    b2.intoArray(y, to + 2 * toStride + L);
    a3.intoArray(y, to + 3 * toStride);
    b3.intoArray(y, to + 3 * toStride + L);
    a4.intoArray(y, to + 4 * toStride);
    b4.intoArray(y, to + 4 * toStride + L);
    a5.intoArray(y, to + 5 * toStride);
    b5.intoArray(y, to + 5 * toStride + L);
    a6.intoArray(y, to + 6 * toStride);
    b6.intoArray(y, to + 6 * toStride + L);
    a7.intoArray(y, to + 7 * toStride);
    b7.intoArray(y, to + 7 * toStride + L);
  }

  private static void eightRowsWide(
      float[] w,
      int at,
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
    int from1 = from + stride;
    int from2 = from1 + stride;
    int from3 = from2 + stride;
    int from4 = from3 + stride;
    int from5 = from4 + stride;
    int from6 = from5 + stride;
    int from7 = from6 + stride;
    FloatVector a0 = FloatVector.fromArray(S, start, startAt);
    FloatVector b0 = FloatVector.fromArray(S, start, startAt + L);
    FloatVector c0 = FloatVector.fromArray(S, start, startAt + 2 * L);
    FloatVector a1 = FloatVector.fromArray(S, start, startAt + startStride);
    FloatVector b1 = FloatVector.fromArray(S, start, startAt + startStride + L);
    FloatVector c1 = FloatVector.fromArray(S, start, startAt + startStride + 2 * L);
    FloatVector a2 = FloatVector.fromArray(S, start, startAt + 2 * startStride);
    FloatVector b2 = FloatVector.fromArray(S, start, startAt + 2 * startStride + L);
    FloatVector c2 = FloatVector.fromArray(S, start, startAt + 2 * startStride + 2 * L);
    FloatVector a3 = FloatVector.fromArray(S, start, startAt + 3 * startStride);
    FloatVector b3 = FloatVector.fromArray(S, start, startAt + 3 * startStride + L);
    FloatVector c3 = FloatVector.fromArray(S, start, startAt + 3 * startStride + 2 * L);
    FloatVector a4 = FloatVector.fromArray(S, start, startAt + 4 * startStride);
    FloatVector b4 = FloatVector.fromArray(S, start, startAt + 4 * startStride + L);
    FloatVector c4 = FloatVector.fromArray(S, start, startAt + 4 * startStride + 2 * L);
    FloatVector a5 = FloatVector.fromArray(S, start, startAt + 5 * startStride);
    FloatVector b5 = FloatVector.fromArray(S, start, startAt + 5 * startStride + L);
    FloatVector c5 = FloatVector.fromArray(S, start, startAt + 5 * startStride + 2 * L);
    FloatVector a6 = FloatVector.fromArray(S, start, startAt + 6 * startStride);
    FloatVector b6 = FloatVector.fromArray(S, start, startAt + 6 * startStride + L);
    FloatVector c6 = FloatVector.fromArray(S, start, startAt + 6 * startStride + 2 * L);
    FloatVector a7 = FloatVector.fromArray(S, start, startAt + 7 * startStride);
    FloatVector b7 = FloatVector.fromArray(S, start, startAt + 7 * startStride + L);
    FloatVector c7 = FloatVector.fromArray(S, start, startAt + 7 * startStride + 2 * L);
    for (int k = 0; k < depth; k++) {
      FloatVector t = FloatVector.fromArray(S, w, at + k * WIDE);
      FloatVector u = FloatVector.fromArray(S, w, at + k * WIDE + L);
      FloatVector v = FloatVector.fromArray(S, w, at + k * WIDE + 2 * L);
      FloatVector x0 = FloatVector.broadcast(S, x[from + k]);
      a0 = x0.fma(t, a0);
      b0 = x0.fma(u, b0);
      c0 = x0.fma(v, c0);
      FloatVector x1 = FloatVector.broadcast(S, x[from1 + k]);
      a1 = x1.fma(t, a1);
      b1 = x1.fma(u, b1);
      c1 = x1.fma(v, c1);
      FloatVector x2 = FloatVector.broadcast(S, x[from2 + k]);
      a2 = x2.fma(t, a2);
      b2 = x2.fma(u, b2);
      c2 = x2.fma(v, c2);
      FloatVector x3 = FloatVector.broadcast(S, x[from3 + k]);
      a3 = x3.fma(t, a3);
      b3 = x3.fma(u, b3);
      c3 = x3.fma(v, c3);
      FloatVector x4 = FloatVector.broadcast(S, x[from4 + k]);
      a4 = x4.fma(t, a4);
      b4 = x4.fma(u, b4);
      c4 = x4.fma(v, c4);
      FloatVector x5 = FloatVector.broadcast(S, x[from5 + k]);
      a5 = x5.fma(t, a5);
      b5 = x5.fma(u, b5);
      c5 = x5.fma(v, c5);
      FloatVector x6 = FloatVector.broadcast(S, x[from6 + k]);
      a6 = x6.fma(t, a6);
      b6 = x6.fma(u, b6);
      c6 = x6.fma(v, c6);
      FloatVector x7 = FloatVector.broadcast(S, x[from7 + k]);
      a7 = x7.fma(t, a7);
      b7 = x7.fma(u, b7);
      c7 = x7.fma(v, c7);
    }
    a0.intoArray(y, to);
    b0.intoArray(y, to + L);
    c0.intoArray(y, to + 2 * L);
    a1.intoArray(y, to + toStride);
    b1.intoArray(y, to + toStride + L);
    c1.intoArray(y, to + toStride + 2 * L);
    a2.intoArray(y, to + 2 * toStride);
    b2.intoArray(y, to + 2 * toStride + L);
    c2.intoArray(y, to + 2 * toStride + 2 * L);
    a3.intoArray(y, to + 3 * toStride);
    b3.intoArray(y, to + 3 * toStride + L);
    c3.intoArray(y, to + 3 * toStride + 2 * L);
    a4.intoArray(y, to + 4 * toStride);
    b4.intoArray(y, to + 4 * toStride + L);
    c4.intoArray(y, to + 4 * toStride + 2 * L);
    a5.intoArray(y, to + 5 * toStride);
    b5.intoArray(y, to + 5 * toStride + L);
    c5.intoArray(y, to + 5 * toStride + 2 * L);
    a6.intoArray(y, to + 6 * toStride);
    b6.intoArray(y, to + 6 * toStride + L);
    c6.intoArray(y, to + 6 * toStride + 2 * L);
    a7.intoArray(y, to + 7 * toStride);
    b7.intoArray(y, to + 7 * toStride + L);
    c7.intoArray(y, to + 7 * toStride + 2 * L);
  }
}
