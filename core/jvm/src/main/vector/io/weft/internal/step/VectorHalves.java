package io.weft.internal.step;

import static io.weft.internal.step.VectorPanels.L;
import static io.weft.internal.step.VectorPanels.PAIR;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/**
 * Products of a single row and a matrix whose numbers all have at most the eight bits of bfloat16:
 * as many again fit into what is read, and reading is what a single row takes its time for. The
 * sums are those of the full numbers, to the bit.
 *
 * <p>The columns go by pairs of vectors, a pair's rows after one another. In one vector of whole
 * numbers the lower halves are the bits of the first one's columns, the upper halves of the second
 * one's.
 */
final class VectorHalves {

  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> I = VectorSpecies.of(int.class, S.vectorShape());
  private static final int UPPER = 0xffff0000;

  private VectorHalves() {}

  /** Returns a matrix [rows, columns] in halves; nothing if a number has more bits. */
  static int @Nullable [] pack(float[][] rows, int columns) {
    for (float[] row : rows) {
      for (int c = 0; c < columns; c++) {
        if ((Float.floatToRawIntBits(row[c]) & ~UPPER) != 0) {
          return null;
        }
      }
    }
    int pairs = (columns + PAIR - 1) / PAIR;
    int[] halves = new int[pairs * rows.length * L];
    for (int k = 0; k < rows.length; k++) {
      for (int c = 0; c < columns; c++) {
        int bits = Float.floatToRawIntBits(rows[k][c]);
        int place = (c / PAIR * rows.length + k) * L + c % L;
        halves[place] |= c % PAIR < L ? bits >>> 16 : bits;
      }
    }
    return halves;
  }

  /**
   * Multiplies a row, as {@link VectorProducts#multiplyAndAdd} does.
   *
   * @param begin the first column, of a pair
   * @param columns the column behind the last
   */
  static void row(
      int[] w,
      int rows,
      int begin,
      int columns,
      int row,
      int depth,
      float[] x,
      int from,
      float[] start,
      int startAt,
      float[] y,
      int to,
      float[] some) {
    int size = rows * L;
    int at = begin / PAIR * size + row * L;
    int first = begin;
    for (; first + 4 * PAIR <= columns; first += 4 * PAIR) {
      fourPairs(w, at, size, depth, x, from, start, startAt + first, y, to + first);
      at += 4 * size;
    }
    for (; first + 2 * PAIR <= columns; first += 2 * PAIR) {
      twoPairs(w, at, size, depth, x, from, start, startAt + first, y, to + first);
      at += 2 * size;
    }
    for (; first + PAIR <= columns; first += PAIR) {
      pair(w, at, depth, x, from, start, startAt + first, y, to + first);
      at += size;
    }
    int rest = columns - first;
    if (rest > 0) {
      System.arraycopy(start, startAt + first, some, 0, rest);
      pair(w, at, depth, x, from, some, 0, some, 0);
      System.arraycopy(some, 0, y, to + first, rest);
    }
  }

  private static void pair(
      int[] w,
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
      IntVector u = IntVector.fromArray(I, w, at + k * L);
      a = v.fma(u.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), a);
      b = v.fma(u.and(UPPER).reinterpretAsFloats(), b);
    }
    a.intoArray(y, to);
    b.intoArray(y, to + L);
  }

  private static void twoPairs(
      int[] w,
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
    FloatVector a1 = FloatVector.fromArray(S, start, startAt + 2 * L);
    FloatVector b1 = FloatVector.fromArray(S, start, startAt + 3 * L);
    for (int k = 0; k < depth; k++) {
      FloatVector v = FloatVector.broadcast(S, x[from + k]);
      IntVector u0 = IntVector.fromArray(I, w, at0 + k * L);
      a0 = v.fma(u0.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), a0);
      b0 = v.fma(u0.and(UPPER).reinterpretAsFloats(), b0);
      IntVector u1 = IntVector.fromArray(I, w, at1 + k * L);
      a1 = v.fma(u1.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), a1);
      b1 = v.fma(u1.and(UPPER).reinterpretAsFloats(), b1);
    }
    a0.intoArray(y, to);
    b0.intoArray(y, to + L);
    a1.intoArray(y, to + 2 * L);
    b1.intoArray(y, to + 3 * L);
  }

  private static void fourPairs(
      int[] w,
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
      IntVector u0 = IntVector.fromArray(I, w, at0 + k * L);
      a0 = v.fma(u0.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), a0);
      b0 = v.fma(u0.and(UPPER).reinterpretAsFloats(), b0);
      IntVector u1 = IntVector.fromArray(I, w, at1 + k * L);
      a1 = v.fma(u1.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), a1);
      b1 = v.fma(u1.and(UPPER).reinterpretAsFloats(), b1);
      IntVector u2 = IntVector.fromArray(I, w, at2 + k * L);
      a2 = v.fma(u2.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), a2);
      b2 = v.fma(u2.and(UPPER).reinterpretAsFloats(), b2);
      IntVector u3 = IntVector.fromArray(I, w, at3 + k * L);
      a3 = v.fma(u3.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), a3);
      b3 = v.fma(u3.and(UPPER).reinterpretAsFloats(), b3);
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
}
