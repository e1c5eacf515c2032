package io.weft.step;

/**
 * Elementary functions in float32, several times as fast as {@link Math}'s and made of additions,
 * multiplications and divisions only: the same on every machine, and (but for {@link #exp}) free of
 * branches, so that loops over them are vectorised.
 */
public final class FastMath {

  private static final float LOG2_E = 1.442695f;
  // ln 2 in two parts: the first has so few digits that its product with an exponent is exact.
  private static final float LN2_HIGH = 6.933594e-1f;
  private static final float LN2_LOW = -2.1219444e-4f;

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
    int n = (int) (x * LOG2_E + (x < 0 ? -0.5f : 0.5f));
    float r = x - n * LN2_HIGH - n * LN2_LOW;
    float p = 1.9875691e-4f;
    p = p * r + 1.3981999e-3f;
    p = p * r + 8.333452e-3f;
    p = p * r + 4.1665796e-2f;
    p = p * r + 1.6666666e-1f;
    p = p * r + 5e-1f;
    return (p * r * r + r + 1) * Float.intBitsToFloat((n + 127) << 23);
  }

  /**
   * Returns the hyperbolic tangent, within 4e-7 of it: the rational function that Eigen uses, odd
   * of degree 13 over even of degree 6, flat beyond +-7.9.
   */
  public static float tanh(float x) {
    float c = Math.max(-7.905311f, Math.min(7.905311f, x));
    float s = c * c;
    float p = -2.7607684e-16f;
    p = p * s + 2.000188e-13f;
    p = p * s - 8.604672e-11f;
    p = p * s + 5.1222973e-8f;
    p = p * s + 1.48572235e-5f;
    p = p * s + 6.3726195e-4f;
    p = p * s + 4.8935246e-3f;
    float q = 1.1982584e-6f;
    q = q * s + 1.1853471e-4f;
    q = q * s + 2.2684347e-3f;
    q = q * s + 4.893525e-3f;
    return c * p / q;
  }

  /** Returns 1 / (1 + e^-x), within 3e-7 of it: (1 + tanh(x / 2)) / 2. */
  public static float sigmoid(float x) {
    return 0.5f * tanh(0.5f * x) + 0.5f;
  }

  /** Returns x where positive, else e^x - 1, within 2e-7 of it. */
  public static float elu(float x) {
    return x > 0 ? x : exp(x) - 1;
  }
}
