package io.weft.step;

import io.weft.expression.Binary;
import io.weft.expression.Unary;

/**
 * The loops. Each is a small method over whole arrays that are indexed by the bare loop variable:
 * the form that the JIT turns into vector instructions.
 */
final class Kernels {

  private Kernels() {}

  /** sum[j] += x0 a[j] + x1 b[j] + x2 c[j] + x3 d[j]. */
  static void add4(
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
      sum[j] += x0 * a[j] + x1 * b[j] + x2 * c[j] + x3 * d[j];
    }
  }

  /** sum[j] += x a[j]. */
  static void add1(float[] sum, float x, float[] a, int n) {
    for (int j = 0; j < n; j++) {
      sum[j] += x * a[j];
    }
  }

  static void unary(Unary function, float[] x, float[] y, int n) {
    switch (function) {
      case NEGATE -> negate(x, y, n);
      case EXP -> exp(x, y, n);
      case TANH -> tanh(x, y, n);
      case SIGMOID -> sigmoid(x, y, n);
      case RELU -> relu(x, y, n);
      case ELU -> elu(x, y, n);
      case SQUARE -> multiply(x, x, y, n);
      case LOG, SOFTPLUS, SQRT, RSQRT -> exact(function, x, y, n);
    }
  }

  static void binary(Binary function, float[] x, float[] y, float[] z, int n) {
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

  private static void exact(Unary function, float[] x, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = (float) function.apply(x[i]);
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
}
