package io.weft.internal.step;

import static io.weft.internal.step.Arithmetic.fma;

import io.weft.expression.Binary;
import io.weft.expression.Unary;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Plain loops. Each is a small method over whole arrays that are indexed by the bare loop variable:
 * the form that the JIT turns into vector instructions.
 */
final class PlainKernels implements Kernels {

  // So many rows of sums stay in the nearest cache while the weights pass by.
  private static final int ROWS = 32;

  private static final class Rows implements Matrix {
    final float[][] rows;
    final float[] bias;

    Rows(float[][] rows, float[] bias) {
      this.rows = rows;
      this.bias = bias;
    }

    @Override
    public int depth() {
      return rows.length;
    }

    @Override
    public int columns() {
      return bias.length;
    }

    @Override
    public float[] bias() {
      return bias;
    }
  }

  @Override
  public String inWords() {
    return "plain loops";
  }

  @Override
  public Matrix pack(float[][] rows, int columns, float @Nullable [] bias) {
    return new Rows(rows, Kernels.start(bias, columns));
  }

  @Override
  public boolean multipliesOnly(int columns) {
    return true;
  }

  @Override
  public float[][] scratch(int columns) {
    return new float[ROWS][columns];
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
    Rows m = (Rows) matrix;
    int columns = m.bias.length;
    for (int first = 0; first < count; first += ROWS) {
      int block = Math.min(ROWS, count - first);
      for (int r = 0; r < block; r++) {
        System.arraycopy(start, startAt + (first + r) * startStride, scratch[r], 0, columns);
      }
      accumulate(m, row, depth, x, from + first * stride, stride, block, scratch);
      for (int r = 0; r < block; r++) {
        System.arraycopy(scratch[r], 0, result, to + (first + r) * columns, columns);
      }
    }
  }

  private static void accumulate(
      Rows m, int row, int depth, float[] x, int from, int stride, int count, float[][] sums) {
    float[][] w = m.rows;
    int columns = m.bias.length;
    int k = 0;
    for (; k + 4 <= depth; k += 4) {
      int q = row + k;
      for (int r = 0; r < count; r++) {
        int o = from + r * stride + k;
        add4(
            sums[r], x[o], w[q], x[o + 1], w[q + 1], x[o + 2], w[q + 2], x[o + 3], w[q + 3],
            columns);
      }
    }
    for (; k < depth; k++) {
      for (int r = 0; r < count; r++) {
        add1(sums[r], x[from + r * stride + k], w[row + k], columns);
      }
    }
  }

  @Override
  public boolean areFinite(float[] x, int from, int n) {
    return Kernels.areAllFinite(x, from, n);
  }

  @Override
  public float largest(float[] x) {
    float largest = Float.NEGATIVE_INFINITY;
    for (float v : x) {
      largest = Math.max(largest, v);
    }
    return largest;
  }

  @Override
  public void exponentials(float[] x, float largest, float sharpness, float[] y, float[] sums) {
    for (int b = 0; b < sums.length; b++) {
      float sum = 0;
      for (int i = b * BLOCK; i < (b + 1) * BLOCK; i++) {
        y[i] = FastMath.exp((x[i] - largest) * sharpness);
        sum += y[i];
      }
      sums[b] = sum;
    }
  }

  @Override
  public void wholes(float[] x, double scale, int[] y) {
    for (int i = 0; i < y.length; i++) {
      y[i] = (int) (x[i] * scale);
    }
  }

  /** sum[j] += x0 a[j] + x1 b[j] + x2 c[j] + x3 d[j]. */
  private static void add4(
      float[] sum,
      float x0,
      float[] a,
      float x1,
      float[] b,
      float x2,
      float[] c,
      float x3,
      float[] d,
      int n) {
    for (int j = 0; j < n; j++) {
      sum[j] = fma(x3, d[j], fma(x2, c[j], fma(x1, b[j], fma(x0, a[j], sum[j]))));
    }
  }

  /** sum[j] += x a[j]. */
  static void add1(float[] sum, float x, float[] a, int n) {
    for (int j = 0; j < n; j++) {
      sum[j] = fma(x, a[j], sum[j]);
    }
  }

  @Override
  public void unary(Unary function, float[] x, float[] y, int n) {
    switch (function) {
      case NEGATE -> negate(x, y, n);
      case EXP -> exp(x, y, n);
      case TANH -> tanh(x, y, n);
      case SIGMOID -> sigmoid(x, y, n);
      case RELU -> relu(x, y, n);
      case ELU -> elu(x, y, n);
      case SQUARE -> multiply(x, x, y, n);
      case LOG -> log(x, y, n);
      case SOFTPLUS -> softplus(x, y, n);
      case SQRT, RSQRT -> Kernels.exact(function, x, 0, y, 0, n);
    }
  }

  @Override
  public void binary(Binary function, float[] x, float[] y, float[] z, int n) {
    switch (function) {
      case ADD -> add(x, y, z, n);
      case SUBTRACT -> subtract(x, y, z, n);
      case MULTIPLY -> multiply(x, y, z, n);
      case DIVIDE -> divide(x, y, z, n);
      case MAXIMUM -> maximum(x, y, z, n);
      case MINIMUM -> minimum(x, y, z, n);
    }
  }

  private static void negate(float[] x, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = -x[i];
    }
  }

  private static void exp(float[] x, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = FastMath.exp(x[i]);
    }
  }

  private static void tanh(float[] x, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = FastMath.tanh(x[i]);
    }
  }

  private static void sigmoid(float[] x, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = FastMath.sigmoid(x[i]);
    }
  }

  private static void relu(float[] x, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = Math.max(x[i], 0f);
    }
  }

  private static void elu(float[] x, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = FastMath.elu(x[i]);
    }
  }

  private static void log(float[] x, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = FastMath.log(x[i]);
    }
  }

  private static void softplus(float[] x, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = FastMath.softplus(x[i]);
    }
  }

  private static void add(float[] x, float[] y, float[] z, int n) {
    for (int i = 0; i < n; i++) {
      z[i] = x[i] + y[i];
    }
  }

  private static void subtract(float[] x, float[] y, float[] z, int n) {
    for (int i = 0; i < n; i++) {
      z[i] = x[i] - y[i];
    }
  }

  private static void multiply(float[] x, float[] y, float[] z, int n) {
    for (int i = 0; i < n; i++) {
      z[i] = x[i] * y[i];
    }
  }

  private static void divide(float[] x, float[] y, float[] z, int n) {
    for (int i = 0; i < n; i++) {
      z[i] = x[i] / y[i];
    }
  }

  private static void maximum(float[] x, float[] y, float[] z, int n) {
    for (int i = 0; i < n; i++) {
      z[i] = Math.max(x[i], y[i]);
    }
  }

  private static void minimum(float[] x, float[] y, float[] z, int n) {
    for (int i = 0; i < n; i++) {
      z[i] = Math.min(x[i], y[i]);
    }
  }

  @Override
  public void addProducts(
      float[] query, int from, int count, float[] keys, int at, int stride, float[] y, int n) {
    for (int k = 0; k < count; k++) {
      addScaled(query[from + k], keys, at + k * stride, y, 0, n);
    }
  }

  @Override
  public float weights(float[] x, float scale, int n) {
    float largest = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      largest = Math.max(largest, x[i]);
    }
    for (int i = 0; i < n; i++) {
      x[i] = (x[i] - largest) * scale;
    }
    exp(x, x, n);
    float sum = 0;
    for (int i = 0; i < n; i++) {
      sum += x[i];
    }
    return sum;
  }

  @Override
  public void weighted(
      float[] weights, int n, float[] rows, int at, int stride, int width, float[] result, int to) {
    Arrays.fill(result, to, to + width, 0);
    for (int s = 0; s < n; s++) {
      addScaled(weights[s], rows, at + s * stride, result, to, width);
    }
  }

  /** y[to + i] += a x[from + i]. */
  private static void addScaled(float a, float[] x, int from, float[] y, int to, int n) {
    for (int i = 0; i < n; i++) {
      y[to + i] = fma(a, x[from + i], y[to + i]);
    }
  }
}
