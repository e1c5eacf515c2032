package io.weft.internal.step;

import static io.weft.internal.step.Arithmetic.fma;

/**
 * Elementary functions in float32, several times as fast as {@link Math}'s and made of additions,
 * multiplications, divisions and fused multiply-adds only: the same on every machine ({@link
 * Arithmetic}), and (but for {@link #exp} and {@link #log}) free of branches, so that loops over
 * them are vectorised.
 */
public final class FastMath {

  private static final float LOG2_E = 1.442695f;
  // ln 2 in two parts: the first has so few digits that its product with an exponent is exact.
  private static final float LN2_HIGH = 6.933594e-1f;
  private static final float LN2_LOW = -2.1219444e-4f;

  /** A number without fraction bits: what is added to it is rounded to a whole number. */
  private static final float ROUNDER = 12582912f;

  /** The root of 1/2: mantissas lie between it and its double. */
  private static final int SQRT_HALF_BITS = Float.floatToRawIntBits(0.70710677f);

  private FastMath() {}

  /**
   * Returns e to the {@code x}, within 2e-7 of it (relative); 0 below -87, infinite above 88.
   * Cephes' expf: x = n ln 2 + r, a polynomial of degree 5 in r, n put into the exponent.
   */
  public static float exp(float x) {
    if (!(x > -87)) {
      return Float.isNaN(x) ? x : 0;
    }
    if (x > 88) {
      return Float.POSITIVE_INFINITY;
    }
    float shifted = fma(x, LOG2_E, ROUNDER);
    float whole = shifted - ROUNDER;
    float r = fma(whole, -LN2_LOW, fma(whole, -LN2_HIGH, x));
    float p = fma(r, 1.9875691e-4f, 1.3981999e-3f);
    p = fma(p, r, 8.333452e-3f);
    p = fma(p, r, 4.1665796e-2f);
    p = fma(p, r, 1.6666666e-1f);
    p = fma(p, r, 5e-1f);
    int exponent = Float.floatToRawIntBits(shifted) << 23;
    return (fma(p * r, r, r) + 1) * Float.intBitsToFloat(exponent + (127 << 23));
  }

  /**
   * Returns the hyperbolic tangent, within 4e-7 of it: the rational function that Eigen uses, odd
   * of degree 13 over even of degree 6, flat beyond +-7.9.
   */
  public static float tanh(float x) {
    float c = Math.max(-7.905311f, Math.min(7.905311f, x));
    float s = c * c;
    float p = fma(s, -2.7607684e-16f, 2.000188e-13f);
    p = fma(p, s, -8.604672e-11f);
    p = fma(p, s, 5.1222973e-8f);
    p = fma(p, s, 1.48572235e-5f);
    p = fma(p, s, 6.3726195e-4f);
    p = fma(p, s, 4.8935246e-3f);
    float q = fma(s, 1.1982584e-6f, 1.1853471e-4f);
    q = fma(q, s, 2.2684347e-3f);
    q = fma(q, s, 4.893525e-3f);
    // No negative zero.
    return c * p / q + 0f;
  }

  /** Returns 1 / (1 + e^-x), within 3e-7 of it: (1 + tanh(x / 2)) / 2. */
  public static float sigmoid(float x) {
    return 0.5f * tanh(0.5f * x) + 0.5f;
  }

  /**
   * Returns the natural logarithm, within 2e-7 of it (relative, or absolute near 1). Cephes' logf:
   * x = 2^n m with m around 1, a polynomial of degree 8 in m - 1.
   */
  public static float log(float x) {
    if (!(x >= Float.MIN_NORMAL && x <= Float.MAX_VALUE)) {
      return (float) StrictMath.log(x);
    }
    int bits = Float.floatToRawIntBits(x);
    int n = (bits - SQRT_HALF_BITS) >> 23;
    float m = Float.intBitsToFloat(bits - (n << 23)) - 1;
    float p = fma(m, 7.0376836e-2f, -1.151461e-1f);
    p = fma(p, m, 1.1676999e-1f);
    p = fma(p, m, -1.2420141e-1f);
    p = fma(p, m, 1.4249323e-1f);
    p = fma(p, m, -1.6668057e-1f);
    p = fma(p, m, 2.0000714e-1f);
    p = fma(p, m, -2.4999994e-1f);
    p = fma(p, m, 3.333333e-1f);
    float s = m * m;
    p = fma(n, LN2_LOW, fma(s, -0.5f, p * m * s));
    return fma(n, LN2_HIGH, m + p) + 0f;
  }

  /** Returns log(1 + e^x), within 3e-7 of it (relative). */
  public static float softplus(float x) {
    float e = exp(-Math.abs(x));
    float sum = 1 + e;
    // What rounding took from e in the sum is put back.
    return Math.max(x, 0f) + (log(sum) + (e - (sum - 1)) / sum);
  }

  /** Returns x where positive, else e^x - 1, within 2e-7 of it. */
  public static float elu(float x) {
    return x > 0 ? x : exp(x) - 1;
  }
}
