package io.weft.internal.step;

import io.weft.expression.Binary;
import io.weft.expression.Unary;
import java.util.Arrays;
import java.util.Optional;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/** Loops over the vectors of the processor. Loaded by name, and only where there is the module. */
final class VectorKernels implements Kernels {

  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int L = S.length();

  // So many rows of constants stay in the nearest cache.
  private static final int AT_ONCE = 8;

  // Twice as wide numbers, half as many of them.
  private static final VectorSpecies<Double> D = VectorSpecies.of(double.class, S.vectorShape());
  private static final VectorSpecies<Integer> HALF =
      VectorSpecies.of(int.class, VectorShape.forBitSize(S.vectorBitSize() / 2));

  /** Whether products are computed for 32 registers, not for 16: which is no matter of bits. */
  private final boolean manyRegisters;

  VectorKernels() {
    // AVX-512 and arm64 have so many.
    this(S.vectorBitSize() == 512 || isArm());
  }

  VectorKernels(boolean manyRegisters) {
    this.manyRegisters = manyRegisters;
    // Narrower ones on x86 have no fused multiply-add, which Java then emulates, very slowly.
    if (!Arithmetic.fuses()) {
      throw new UnsupportedOperationException("no fused multiply-add");
    }
    if (L < 4 || L > BLOCK || (L < 8 && !isArm())) {
      throw new UnsupportedOperationException("vectors of " + S.vectorBitSize() + " bits");
    }
  }

  private static boolean isArm() {
    return System.getProperty("os.arch").equals("aarch64");
  }

  @Override
  public String inWords() {
    return "vector loops of " + S.vectorBitSize() + " bits";
  }

  @Override
  public Matrix pack(float[][] rows, int columns, float @Nullable [] bias) {
    return new VectorPanels(rows, columns, Kernels.start(bias, columns), manyRegisters);
  }

  @Override
  public Optional<Halves> halves(Matrix matrix) {
    return ((VectorPanels) matrix).inHalves();
  }

  @Override
  public boolean knowsHalves(int columns) {
    return VectorPanels.knowsHalves(columns, manyRegisters);
  }

  @Override
  public boolean multipliesOnly(int columns) {
    return VectorPanels.multipliesOnly(columns, manyRegisters);
  }

  @Override
  public float[][] scratch(int columns) {
    return VectorProducts.scratch();
  }

  @Override
  public void multiplyAndAdd(
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
      float[][] scratch) {
    VectorProducts.multiplyAndAdd(
        (VectorPanels) matrix,
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
        scratch);
  }

  @Override
  public boolean areFinite(float[] x, int from, int n) {
    FloatVector zeros = FloatVector.zero(S);
    int i = 0;
    for (; i + L <= n; i += L) {
      zeros = FloatVector.fromArray(S, x, from + i).mul(0).add(zeros);
    }
    return zeros.eq(0).allTrue() && Kernels.areAllFinite(x, from + i, n - i);
  }

  @Override
  public float largest(float[] x) {
    FloatVector largest = FloatVector.fromArray(S, x, 0);
    for (int i = L; i < x.length; i += L) {
      largest = largest.max(FloatVector.fromArray(S, x, i));
    }
    return largest.reduceLanes(VectorOperators.MAX);
  }

  @Override
  public void exponentials(float[] x, float largest, float sharpness, float[] y, float[] sums) {
    exp(x, 0, largest, sharpness, y, 0, x.length);
    addBlocks(y, sums);
  }

  private static void addBlocks(float[] y, float[] sums) {
    for (int b = 0; b < sums.length; b++) {
      // One after the other: the order in which lanes are added is not the same everywhere.
      float sum = 0;
      for (int i = b * BLOCK; i < (b + 1) * BLOCK; i++) {
        sum += y[i];
      }
      sums[b] = sum;
    }
  }

  @Override
  public void unary(Unary function, float[] x, float[] y, int n) {
    unary(function, x, 0, y, 0, n);
  }

  @Override
  public boolean takesRowsAnywhere() {
    return true;
  }

  @Override
  public boolean writesOnly(int width) {
    return width % L == 0;
  }

  @Override
  public void unary(Unary function, Rows x, Rows y, int rows) {
    int width = y.stride;
    if (x.stride == width) {
      unary(function, x.numbers, x.from, y.numbers, y.from, width * rows);
      return;
    }
    // What a row writes beyond its end, the next one writes again.
    if (function == Unary.TANH) {
      tanh(x.numbers, x.from, x.stride, y.numbers, y.from, width, rows, 1, 0);
      return;
    }
    if (function == Unary.SIGMOID) {
      tanh(x.numbers, x.from, x.stride, y.numbers, y.from, width, rows, 0.5f, 0.5f);
      return;
    }
    for (int r = 0; r < rows; r++) {
      unary(function, x.numbers, x.at(r), y.numbers, y.at(r), width);
    }
  }

  private static void unary(Unary function, float[] x, int at, float[] y, int to, int n) {
    switch (function) {
      case NEGATE -> negate(x, at, y, to, n);
      case EXP -> exp(x, at, y, to, n);
      case TANH -> tanh(x, at, n, y, to, n, 1, 1, 0);
      case SIGMOID -> tanh(x, at, n, y, to, n, 1, 0.5f, 0.5f);
      case RELU -> relu(x, at, y, to, n);
      case ELU -> {
        exp(x, at, y, to, n);
        lessOneBelowZero(x, at, y, to, n);
      }
      case SQUARE -> multiply(x, at, x, at, y, to, n);
      case LOG -> log(x, at, y, to, n, 0);
      case SOFTPLUS -> {
        lessAbsolute(x, at, y, to, n);
        exp(y, to, y, to, n);
        log(y, to, y, to, n, 1);
        addPositive(x, at, y, to, n);
      }
      case SQRT, RSQRT -> Kernels.exact(function, x, at, y, to, n);
    }
  }

  @Override
  public void binary(Binary function, float[] x, float[] y, float[] z, int n) {
    binary(function, x, 0, y, 0, z, 0, n);
  }

  @Override
  public void binary(Binary function, Rows x, Rows y, Rows z, int rows) {
    int width = z.stride;
    if (x.stride == width && y.stride == width) {
      binary(function, x.numbers, x.from, y.numbers, y.from, z.numbers, z.from, width * rows);
      return;
    }
    for (int r = 0; r < rows; r++) {
      binary(function, x.numbers, x.at(r), y.numbers, y.at(r), z.numbers, z.at(r), width);
    }
  }

  @Override
  public void affine(Rows x, float[] less, float[] times, float[] plus, Rows y, int rows) {
    affine(x, less, times, plus, Float.NEGATIVE_INFINITY, y, rows);
  }

  @Override
  public void affineRelu(Rows x, float[] less, float[] times, float[] plus, Rows y, int rows) {
    affine(x, less, times, plus, 0, y, rows);
  }

  /** Some rows that follow one another are one loop: a short one takes as long to begin. */
  private static void affine(
      Rows x, float[] less, float[] times, float[] plus, float least, Rows y, int rows) {
    int width = y.stride;
    int together = x.stride == width ? AT_ONCE : 1;
    for (int r = 0; r < rows; r += together) {
      int n = Math.min(together, rows - r) * width;
      affine(x.numbers, x.at(r), less, times, plus, least, y.numbers, y.at(r), n);
    }
  }

  /** What is below {@code least} becomes that. */
  private static void affine(
      float[] x,
      int at,
      float[] less,
      float[] times,
      float[] plus,
      float least,
      float[] y,
      int to,
      int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v =
          FloatVector.fromArray(S, x, at + i)
              .sub(FloatVector.fromArray(S, less, i))
              .mul(FloatVector.fromArray(S, times, i))
              .add(FloatVector.fromArray(S, plus, i));
      v.blend(least, v.compare(VectorOperators.LE, least)).intoArray(y, to + i);
    }
  }

  private static void binary(
      Binary function, float[] x, int at, float[] y, int yAt, float[] z, int to, int n) {
    switch (function) {
      case ADD -> add(x, at, y, yAt, z, to, n);
      case SUBTRACT -> subtract(x, at, y, yAt, z, to, n);
      case MULTIPLY -> multiply(x, at, y, yAt, z, to, n);
      case DIVIDE -> divide(x, at, y, yAt, z, to, n);
      case MAXIMUM -> maximum(x, at, y, yAt, z, to, n);
      case MINIMUM -> minimum(x, at, y, yAt, z, to, n);
    }
  }

  // Each loop is a method without helpers that take or return vectors: where the JIT compiler does
  // not inline such a one, every vector becomes an object. A comparison and a blend take fewer
  // instructions than max and min, which look for minus zero and for what is no number.

  private static void negate(float[] x, int at, float[] y, int to, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector.fromArray(S, x, at + i).neg().intoArray(y, to + i);
    }
  }

  private static void relu(float[] x, int at, float[] y, int to, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, at + i);
      v.blend(0, v.compare(VectorOperators.LE, 0)).intoArray(y, to + i);
    }
  }

  private static void exp(float[] x, int at, float[] y, int to, int n) {
    exp(x, at, 0, 1, y, to, n);
  }

  /**
   * {@link FastMath#exp} of (x - less) times; the exponent is rounded by adding a number without
   * fraction bits.
   */
  private static void exp(float[] x, int at, float less, float times, float[] y, int to, int n) {
    FloatVector log2e = FloatVector.broadcast(S, 1.442695f);
    FloatVector rounder = FloatVector.broadcast(S, 12582912f);
    FloatVector ln2High = FloatVector.broadcast(S, -6.933594e-1f);
    FloatVector ln2Low = FloatVector.broadcast(S, 2.1219444e-4f);
    FloatVector one = FloatVector.broadcast(S, 1);
    FloatVector p5 = FloatVector.broadcast(S, 1.9875691e-4f);
    FloatVector p4 = FloatVector.broadcast(S, 1.3981999e-3f);
    FloatVector p3 = FloatVector.broadcast(S, 8.333452e-3f);
    FloatVector p2 = FloatVector.broadcast(S, 4.1665796e-2f);
    FloatVector p1 = FloatVector.broadcast(S, 1.6666666e-1f);
    FloatVector p0 = FloatVector.broadcast(S, 5e-1f);
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, at + i).sub(less).mul(times);
      FloatVector shifted = v.fma(log2e, rounder);
      FloatVector whole = shifted.sub(rounder);
      FloatVector r = whole.fma(ln2Low, whole.fma(ln2High, v));
      FloatVector p = r.fma(p5, p4);
      p = p.fma(r, p3);
      p = p.fma(r, p2);
      p = p.fma(r, p1);
      p = p.fma(r, p0);
      IntVector exponent = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
      FloatVector scale = exponent.add(127 << 23).reinterpretAsFloats();
      FloatVector e = p.mul(r).fma(r, r).add(one).mul(scale);
      e = e.blend(0, v.compare(VectorOperators.LE, -87));
      e.blend(Float.POSITIVE_INFINITY, v.compare(VectorOperators.GT, 88)).intoArray(y, to + i);
    }
  }

  @Override
  public void wholes(float[] x, double scale, int[] y) {
    for (int i = 0; i < y.length; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, i);
      whole((DoubleVector) v.convert(VectorOperators.F2D, 0), scale, y, i);
      whole((DoubleVector) v.convert(VectorOperators.F2D, 1), scale, y, i + L / 2);
    }
  }

  /** Adding 2^52 rounds to a whole number, whose lowest bits are the sum's. */
  private static void whole(DoubleVector x, double scale, int[] y, int at) {
    DoubleVector product = x.mul(scale);
    DoubleVector nearest = product.add(0x1p52).sub(0x1p52);
    DoubleVector below =
        nearest.sub(1).blend(nearest, nearest.compare(VectorOperators.LE, product));
    ((IntVector) below.add(0x1p52).reinterpretAsLongs().convertShape(VectorOperators.L2I, HALF, 0))
        .intoArray(y, at);
  }

  private static void lessOneBelowZero(float[] x, int at, float[] y, int to, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, at + i);
      VectorMask<Float> positive = v.compare(VectorOperators.GT, 0);
      FloatVector.fromArray(S, y, to + i).sub(1).blend(v, positive).intoArray(y, to + i);
    }
  }

  /**
   * {@link FastMath#tanh}, of x times {@code scale}; that times {@code scale} plus {@code shift}.
   * Of many rows, as its constants take as long to load as a short row.
   */
  private static void tanh(
      float[] x,
      int at,
      int stride,
      float[] y,
      int to,
      int width,
      int rows,
      float scale,
      float shift) {
    FloatVector factor = FloatVector.broadcast(S, scale);
    FloatVector summand = FloatVector.broadcast(S, shift);
    FloatVector high = FloatVector.broadcast(S, 7.905311f);
    FloatVector low = FloatVector.broadcast(S, -7.905311f);
    FloatVector p13 = FloatVector.broadcast(S, -2.7607684e-16f);
    FloatVector p11 = FloatVector.broadcast(S, 2.000188e-13f);
    FloatVector p9 = FloatVector.broadcast(S, -8.604672e-11f);
    FloatVector p7 = FloatVector.broadcast(S, 5.1222973e-8f);
    FloatVector p5 = FloatVector.broadcast(S, 1.48572235e-5f);
    FloatVector p3 = FloatVector.broadcast(S, 6.3726195e-4f);
    FloatVector p1 = FloatVector.broadcast(S, 4.8935246e-3f);
    FloatVector q6 = FloatVector.broadcast(S, 1.1982584e-6f);
    FloatVector q4 = FloatVector.broadcast(S, 1.1853471e-4f);
    FloatVector q2 = FloatVector.broadcast(S, 2.2684347e-3f);
    FloatVector q0 = FloatVector.broadcast(S, 4.893525e-3f);
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < width; i += L) {
        FloatVector c = FloatVector.fromArray(S, x, at + r * stride + i).mul(factor);
        c = c.blend(high, c.compare(VectorOperators.GT, high));
        c = c.blend(low, c.compare(VectorOperators.LT, low));
        FloatVector s = c.mul(c);
        FloatVector p = s.fma(p13, p11);
        p = p.fma(s, p9);
        p = p.fma(s, p7);
        p = p.fma(s, p5);
        p = p.fma(s, p3);
        p = p.fma(s, p1);
        FloatVector q = s.fma(q6, q4);
        q = q.fma(s, q2);
        q = q.fma(s, q0);
        c.mul(p).div(q).fma(factor, summand).intoArray(y, to + r * width + i);
      }
    }
  }

  private static void lessAbsolute(float[] x, int at, float[] y, int to, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector.fromArray(S, x, at + i).abs().neg().intoArray(y, to + i);
    }
  }

  private static void addPositive(float[] x, int at, float[] y, int to, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, at + i);
      v.blend(0, v.compare(VectorOperators.LE, 0))
          .add(FloatVector.fromArray(S, y, to + i))
          .intoArray(y, to + i);
    }
  }

  /**
   * {@link FastMath#log} of x plus {@code summand}, 0 or 1; what rounding took from x in that sum
   * is put back.
   */
  private static void log(float[] x, int at, float[] y, int to, int n, float summand) {
    IntVector sqrtHalf = FloatVector.broadcast(S, 0.70710677f).reinterpretAsInts();
    FloatVector ln2High = FloatVector.broadcast(S, 6.933594e-1f);
    FloatVector ln2Low = FloatVector.broadcast(S, -2.1219444e-4f);
    FloatVector half = FloatVector.broadcast(S, -0.5f);
    FloatVector p8 = FloatVector.broadcast(S, 7.0376836e-2f);
    FloatVector p7 = FloatVector.broadcast(S, -1.151461e-1f);
    FloatVector p6 = FloatVector.broadcast(S, 1.1676999e-1f);
    FloatVector p5 = FloatVector.broadcast(S, -1.2420141e-1f);
    FloatVector p4 = FloatVector.broadcast(S, 1.4249323e-1f);
    FloatVector p3 = FloatVector.broadcast(S, -1.6668057e-1f);
    FloatVector p2 = FloatVector.broadcast(S, 2.0000714e-1f);
    FloatVector p1 = FloatVector.broadcast(S, -2.4999994e-1f);
    FloatVector p0 = FloatVector.broadcast(S, 3.333333e-1f);
    for (int i = 0; i < n; i += L) {
      FloatVector given = FloatVector.fromArray(S, x, at + i);
      FloatVector v = given.add(summand);
      FloatVector lost = given.sub(v.sub(summand)).div(v);
      IntVector bits = v.reinterpretAsInts();
      IntVector exponent = bits.sub(sqrtHalf).lanewise(VectorOperators.ASHR, 23);
      FloatVector e = (FloatVector) exponent.convert(VectorOperators.I2F, 0);
      FloatVector m =
          bits.sub(exponent.lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats().sub(1);
      FloatVector p = m.fma(p8, p7);
      p = p.fma(m, p6);
      p = p.fma(m, p5);
      p = p.fma(m, p4);
      p = p.fma(m, p3);
      p = p.fma(m, p2);
      p = p.fma(m, p1);
      p = p.fma(m, p0);
      FloatVector s = m.mul(m);
      p = e.fma(ln2Low, s.fma(half, p.mul(m).mul(s)));
      FloatVector result = e.fma(ln2High, m.add(p)).add(lost);
      VectorMask<Float> usual =
          v.compare(VectorOperators.GE, Float.MIN_NORMAL)
              .and(v.compare(VectorOperators.LE, Float.MAX_VALUE));
      result.intoArray(y, to + i, usual);
      if (!usual.allTrue()) {
        for (int lane = 0; lane < L; lane++) {
          if (!usual.laneIsSet(lane)) {
            y[to + i + lane] = (float) StrictMath.log(v.lane(lane));
          }
        }
      }
    }
  }

  private static void add(float[] x, int at, float[] y, int yAt, float[] z, int to, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector.fromArray(S, x, at + i)
          .add(FloatVector.fromArray(S, y, yAt + i))
          .intoArray(z, to + i);
    }
  }

  private static void subtract(float[] x, int at, float[] y, int yAt, float[] z, int to, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector.fromArray(S, x, at + i)
          .sub(FloatVector.fromArray(S, y, yAt + i))
          .intoArray(z, to + i);
    }
  }

  private static void multiply(float[] x, int at, float[] y, int yAt, float[] z, int to, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector.fromArray(S, x, at + i)
          .mul(FloatVector.fromArray(S, y, yAt + i))
          .intoArray(z, to + i);
    }
  }

  private static void divide(float[] x, int at, float[] y, int yAt, float[] z, int to, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector.fromArray(S, x, at + i)
          .div(FloatVector.fromArray(S, y, yAt + i))
          .intoArray(z, to + i);
    }
  }

  private static void maximum(float[] x, int at, float[] y, int yAt, float[] z, int to, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector.fromArray(S, x, at + i)
          .max(FloatVector.fromArray(S, y, yAt + i))
          .intoArray(z, to + i);
    }
  }

  private static void minimum(float[] x, int at, float[] y, int yAt, float[] z, int to, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector.fromArray(S, x, at + i)
          .min(FloatVector.fromArray(S, y, yAt + i))
          .intoArray(z, to + i);
    }
  }

  @Override
  public void addProducts(
      float[] query, int from, int count, float[] keys, int at, int stride, float[] y, int n) {
    int s = 0;
    for (; s + 4 * L <= n; s += 4 * L) {
      addFourProducts(query, from, count, keys, at + s, stride, y, s);
    }
    for (; s < n; s += L) {
      addOneProduct(query, from, count, keys, at + s, stride, y, s);
    }
  }

  private static void addFourProducts(
      float[] query, int from, int count, float[] keys, int at, int stride, float[] y, int to) {
    FloatVector a0 = FloatVector.fromArray(S, y, to);
    FloatVector a1 = FloatVector.fromArray(S, y, to + L);
    FloatVector a2 = FloatVector.fromArray(S, y, to + 2 * L);
    FloatVector a3 = FloatVector.fromArray(S, y, to + 3 * L);
    for (int k = 0; k < count; k++) {
      FloatVector v = FloatVector.broadcast(S, query[from + k]);
      int row = at + k * stride;
      a0 = v.fma(FloatVector.fromArray(S, keys, row), a0);
      a1 = v.fma(FloatVector.fromArray(S, keys, row + L), a1);
      a2 = v.fma(FloatVector.fromArray(S, keys, row + 2 * L), a2);
      a3 = v.fma(FloatVector.fromArray(S, keys, row + 3 * L), a3);
    }
    a0.intoArray(y, to);
    a1.intoArray(y, to + L);
    a2.intoArray(y, to + 2 * L);
    a3.intoArray(y, to + 3 * L);
  }

  private static void addOneProduct(
      float[] query, int from, int count, float[] keys, int at, int stride, float[] y, int to) {
    FloatVector a = FloatVector.fromArray(S, y, to);
    for (int k = 0; k < count; k++) {
      FloatVector v = FloatVector.broadcast(S, query[from + k]);
      a = v.fma(FloatVector.fromArray(S, keys, at + k * stride), a);
    }
    a.intoArray(y, to);
  }

  @Override
  public float weights(float[] x, float scale, int n) {
    Arrays.fill(x, n, n + L, Float.NEGATIVE_INFINITY);
    FloatVector most = FloatVector.fromArray(S, x, 0);
    for (int i = L; i < n; i += L) {
      most = most.max(FloatVector.fromArray(S, x, i));
    }
    float largest = most.reduceLanes(VectorOperators.MAX);
    exp(x, 0, largest, scale, x, 0, n);
    float sum = 0;
    for (int i = 0; i < n; i++) {
      sum += x[i];
    }
    return sum;
  }

  @Override
  public void weighted(
      float[] weights, int n, float[] rows, int at, int stride, int width, float[] result, int to) {
    int j = 0;
    for (; j + 4 * L <= width; j += 4 * L) {
      fourWeighted(weights, n, rows, at + j, stride, result, to + j);
    }
    for (; j + 2 * L <= width; j += 2 * L) {
      twoWeighted(weights, n, rows, at + j, stride, result, to + j);
    }
    for (; j + L <= width; j += L) {
      oneWeighted(weights, n, rows, at + j, stride, result, to + j);
    }
    for (; j < width; j++) {
      float sum = 0;
      for (int s = 0; s < n; s++) {
        sum = Math.fma(weights[s], rows[at + s * stride + j], sum);
      }
      result[to + j] = sum;
    }
  }

  private static void fourWeighted(
      float[] weights, int n, float[] rows, int at, int stride, float[] result, int to) {
    FloatVector a0 = FloatVector.zero(S);
    FloatVector a1 = FloatVector.zero(S);
    FloatVector a2 = FloatVector.zero(S);
    FloatVector a3 = FloatVector.zero(S);
    for (int s = 0; s < n; s++) {
      FloatVector v = FloatVector.broadcast(S, weights[s]);
      int row = at + s * stride;
      a0 = v.fma(FloatVector.fromArray(S, rows, row), a0);
      a1 = v.fma(FloatVector.fromArray(S, rows, row + L), a1);
      a2 = v.fma(FloatVector.fromArray(S, rows, row + 2 * L), a2);
      a3 = v.fma(FloatVector.fromArray(S, rows, row + 3 * L), a3);
    }
    a0.intoArray(result, to);
    a1.intoArray(result, to + L);
    a2.intoArray(result, to + 2 * L);
    a3.intoArray(result, to + 3 * L);
  }

  private static void twoWeighted(
      float[] weights, int n, float[] rows, int at, int stride, float[] result, int to) {
    FloatVector a0 = FloatVector.zero(S);
    FloatVector a1 = FloatVector.zero(S);
    for (int s = 0; s < n; s++) {
      FloatVector v = FloatVector.broadcast(S, weights[s]);
      int row = at + s * stride;
      a0 = v.fma(FloatVector.fromArray(S, rows, row), a0);
      a1 = v.fma(FloatVector.fromArray(S, rows, row + L), a1);
    }
    a0.intoArray(result, to);
    a1.intoArray(result, to + L);
  }

  private static void oneWeighted(
      float[] weights, int n, float[] rows, int at, int stride, float[] result, int to) {
    FloatVector a = FloatVector.zero(S);
    for (int s = 0; s < n; s++) {
      FloatVector v = FloatVector.broadcast(S, weights[s]);
      a = v.fma(FloatVector.fromArray(S, rows, at + s * stride), a);
    }
    a.intoArray(result, to);
  }
}
