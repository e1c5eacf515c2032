package io.weft.internal.step;

import static io.weft.internal.step.VectorPanels.L;
import static io.weft.internal.step.VectorPanels.PAIR;
import static io.weft.internal.step.VectorPanels.WIDE;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products of some rows and a panel of a matrix, whose sums stay in registers. A panel [depth,
 * vectors] lies in {@code w} from {@code at} on. The sums of row r start from those from {@code
 * start[startAt + r * startStride]} on.
 *
 * <p>Java gives a loop that needs about as many registers as there are now a good order of its
 * instructions and now one that keeps sums in memory, which takes twice as long. With sixteen
 * registers four rows by three vectors are too many. A loop of two steps at a time has fewer
 * instructions for each product, and more registers in use.
 */
final class VectorBlocks {

  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;

  private VectorBlocks() {}

  /** One row by one vector. */
  static void rowSingle(
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
    for (int k = 0; k < depth; k++) {
      FloatVector v = FloatVector.fromArray(S, w, at + k * L);
      FloatVector x0 = FloatVector.broadcast(S, x[from + k]);
      a = x0.fma(v, a);
    }
    a.intoArray(y, to);
  }

  /** One row by two vectors. */
  static void row(
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
      FloatVector u = FloatVector.fromArray(S, w, at + k * PAIR);
      FloatVector v = FloatVector.fromArray(S, w, at + k * PAIR + L);
      FloatVector x0 = FloatVector.broadcast(S, x[from + k]);
      a = x0.fma(u, a);
      b = x0.fma(v, b);
    }
    a.intoArray(y, to);
    b.intoArray(y, to + L);
  }

  /** One row by three vectors. */
  static void rowWide(
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
      FloatVector t = FloatVector.fromArray(S, w, at + k * WIDE);
      FloatVector u = FloatVector.fromArray(S, w, at + k * WIDE + L);
      FloatVector v = FloatVector.fromArray(S, w, at + k * WIDE + 2 * L);
      FloatVector x0 = FloatVector.broadcast(S, x[from + k]);
      a = x0.fma(t, a);
      b = x0.fma(u, b);
      c = x0.fma(v, c);
    }
    a.intoArray(y, to);
    b.intoArray(y, to + L);
    c.intoArray(y, to + 2 * L);
  }

  /** One row by four panels of two vectors: so many sums at a time keep the multipliers busy. */
  static void fourPanels(
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
      a0 = v.fma(FloatVector.fromArray(S, w, at0 + k * PAIR), a0);
      b0 = v.fma(FloatVector.fromArray(S, w, at0 + k * PAIR + L), b0);
      a1 = v.fma(FloatVector.fromArray(S, w, at1 + k * PAIR), a1);
      b1 = v.fma(FloatVector.fromArray(S, w, at1 + k * PAIR + L), b1);
      a2 = v.fma(FloatVector.fromArray(S, w, at2 + k * PAIR), a2);
      b2 = v.fma(FloatVector.fromArray(S, w, at2 + k * PAIR + L), b2);
      a3 = v.fma(FloatVector.fromArray(S, w, at3 + k * PAIR), a3);
      b3 = v.fma(FloatVector.fromArray(S, w, at3 + k * PAIR + L), b3);
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

  /** Four rows by one vector. */
  static void fourRowsSingle(
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
    FloatVector a1 = FloatVector.fromArray(S, start, startAt + startStride);
    FloatVector a2 = FloatVector.fromArray(S, start, startAt + 2 * startStride);
    FloatVector a3 = FloatVector.fromArray(S, start, startAt + 3 * startStride);
    for (int k = 0; k < depth; k++) {
      FloatVector v = FloatVector.fromArray(S, w, at + k * L);
      FloatVector x0 = FloatVector.broadcast(S, x[from + k]);
      a0 = x0.fma(v, a0);
      FloatVector x1 = FloatVector.broadcast(S, x[from1 + k]);
      a1 = x1.fma(v, a1);
      FloatVector x2 = FloatVector.broadcast(S, x[from2 + k]);
      a2 = x2.fma(v, a2);
      FloatVector x3 = FloatVector.broadcast(S, x[from3 + k]);
      a3 = x3.fma(v, a3);
    }
    a0.intoArray(y, to);
    a1.intoArray(y, to + toStride);
    a2.intoArray(y, to + 2 * toStride);
    a3.intoArray(y, to + 3 * toStride);
  }

  /** Four rows by two vectors: of sixteen registers fourteen at most. */
  static void fourRows(
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
    int even = depth & ~1;
    for (int k = 0; k < even; k += 2) {
      FloatVector u0 = FloatVector.fromArray(S, w, at + k * PAIR);
      FloatVector v0 = FloatVector.fromArray(S, w, at + k * PAIR + L);
      FloatVector x0 = FloatVector.broadcast(S, x[from + k]);
      a0 = x0.fma(u0, a0);
      b0 = x0.fma(v0, b0);
      FloatVector x1 = FloatVector.broadcast(S, x[from1 + k]);
      a1 = x1.fma(u0, a1);
      b1 = x1.fma(v0, b1);
      FloatVector x2 = FloatVector.broadcast(S, x[from2 + k]);
      a2 = x2.fma(u0, a2);
      b2 = x2.fma(v0, b2);
      FloatVector x3 = FloatVector.broadcast(S, x[from3 + k]);
      a3 = x3.fma(u0, a3);
      b3 = x3.fma(v0, b3);
      FloatVector u1 = FloatVector.fromArray(S, w, at + k * PAIR + 2 * L);
      FloatVector v1 = FloatVector.fromArray(S, w, at + k * PAIR + 3 * L);
      FloatVector z0 = FloatVector.broadcast(S, x[from + k + 1]);
      a0 = z0.fma(u1, a0);
      b0 = z0.fma(v1, b0);
      FloatVector z1 = FloatVector.broadcast(S, x[from1 + k + 1]);
      a1 = z1.fma(u1, a1);
      b1 = z1.fma(v1, b1);
      FloatVector z2 = FloatVector.broadcast(S, x[from2 + k + 1]);
      a2 = z2.fma(u1, a2);
      b2 = z2.fma(v1, b2);
      FloatVector z3 = FloatVector.broadcast(S, x[from3 + k + 1]);
      a3 = z3.fma(u1, a3);
      b3 = z3.fma(v1, b3);
    }
    for (int k = even; k < depth; k++) {
      FloatVector u = FloatVector.fromArray(S, w, at + k * PAIR);
      FloatVector v = FloatVector.fromArray(S, w, at + k * PAIR + L);
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

  /** Four rows by three vectors. */
  static void fourRowsWide(
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

  /** Eight rows by one vector. */
  static void eightRowsSingle(
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
    FloatVector a1 = FloatVector.fromArray(S, start, startAt + startStride);
    FloatVector a2 = FloatVector.fromArray(S, start, startAt + 2 * startStride);
    FloatVector a3 = FloatVector.fromArray(S, start, startAt + 3 * startStride);
    FloatVector a4 = FloatVector.fromArray(S, start, startAt + 4 * startStride);
    FloatVector a5 = FloatVector.fromArray(S, start, startAt + 5 * startStride);
    FloatVector a6 = FloatVector.fromArray(S, start, startAt + 6 * startStride);
    FloatVector a7 = FloatVector.fromArray(S, start, startAt + 7 * startStride);
    int even = depth & ~1;
    for (int k = 0; k < even; k += 2) {
      FloatVector v0 = FloatVector.fromArray(S, w, at + k * L);
      FloatVector x0 = FloatVector.broadcast(S, x[from + k]);
      a0 = x0.fma(v0, a0);
      FloatVector x1 = FloatVector.broadcast(S, x[from1 + k]);
      a1 = x1.fma(v0, a1);
      FloatVector x2 = FloatVector.broadcast(S, x[from2 + k]);
      a2 = x2.fma(v0, a2);
      FloatVector x3 = FloatVector.broadcast(S, x[from3 + k]);
      a3 = x3.fma(v0, a3);
      FloatVector x4 = FloatVector.broadcast(S, x[from4 + k]);
      a4 = x4.fma(v0, a4);
      FloatVector x5 = FloatVector.broadcast(S, x[from5 + k]);
      a5 = x5.fma(v0, a5);
      FloatVector x6 = FloatVector.broadcast(S, x[from6 + k]);
      a6 = x6.fma(v0, a6);
      FloatVector x7 = FloatVector.broadcast(S, x[from7 + k]);
      a7 = x7.fma(v0, a7);
      FloatVector v1 = FloatVector.fromArray(S, w, at + k * L + L);
      FloatVector z0 = FloatVector.broadcast(S, x[from + k + 1]);
      a0 = z0.fma(v1, a0);
      FloatVector z1 = FloatVector.broadcast(S, x[from1 + k + 1]);
      a1 = z1.fma(v1, a1);
      FloatVector z2 = FloatVector.broadcast(S, x[from2 + k + 1]);
      a2 = z2.fma(v1, a2);
      FloatVector z3 = FloatVector.broadcast(S, x[from3 + k + 1]);
      a3 = z3.fma(v1, a3);
      FloatVector z4 = FloatVector.broadcast(S, x[from4 + k + 1]);
      a4 = z4.fma(v1, a4);
      FloatVector z5 = FloatVector.broadcast(S, x[from5 + k + 1]);
      a5 = z5.fma(v1, a5);
      FloatVector z6 = FloatVector.broadcast(S, x[from6 + k + 1]);
      a6 = z6.fma(v1, a6);
      FloatVector z7 = FloatVector.broadcast(S, x[from7 + k + 1]);
      a7 = z7.fma(v1, a7);
    }
    for (int k = even; k < depth; k++) {
      FloatVector v = FloatVector.fromArray(S, w, at + k * L);
      FloatVector x0 = FloatVector.broadcast(S, x[from + k]);
      a0 = x0.fma(v, a0);
      FloatVector x1 = FloatVector.broadcast(S, x[from1 + k]);
      a1 = x1.fma(v, a1);
      FloatVector x2 = FloatVector.broadcast(S, x[from2 + k]);
      a2 = x2.fma(v, a2);
      FloatVector x3 = FloatVector.broadcast(S, x[from3 + k]);
      a3 = x3.fma(v, a3);
      FloatVector x4 = FloatVector.broadcast(S, x[from4 + k]);
      a4 = x4.fma(v, a4);
      FloatVector x5 = FloatVector.broadcast(S, x[from5 + k]);
      a5 = x5.fma(v, a5);
      FloatVector x6 = FloatVector.broadcast(S, x[from6 + k]);
      a6 = x6.fma(v, a6);
      FloatVector x7 = FloatVector.broadcast(S, x[from7 + k]);
      a7 = x7.fma(v, a7);
    }
    a0.intoArray(y, to);
    a1.intoArray(y, to + toStride);
    a2.intoArray(y, to + 2 * toStride);
    a3.intoArray(y, to + 3 * toStride);
    a4.intoArray(y, to + 4 * toStride);
    a5.intoArray(y, to + 5 * toStride);
    a6.intoArray(y, to + 6 * toStride);
    a7.intoArray(y, to + 7 * toStride);
  }

  /** Eight rows by two vectors. */
  static void eightRows(
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
      FloatVector u = FloatVector.fromArray(S, w, at + k * PAIR);
      FloatVector v = FloatVector.fromArray(S, w, at + k * PAIR + L);
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

  /** Eight rows by three vectors. */
  static void eightRowsWide(
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
