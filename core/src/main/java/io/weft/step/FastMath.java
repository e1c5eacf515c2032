package io.weft.step;

/**
 * Elementary functions in float32, several times as fast as {@link Math}'s and made of additions,
 * multiplications and divisions only: the same on every machine, and (but for {@link #exp}) free of
 * branches, so that loops over them are vectorised.
 */
public final class FastMath {

  private static final float LOG2_E = 1.44269504f;
  // ln 2 in two parts: the first has so few digits that its product with an exponent is exact.
  private static final float LN2_HIGH = 0.693359375f;
  private static final float LN2_LOW = -2.12194440e-4f;

  private FastMath() {}

  /**
   * Returns e to the {@code x}, within 2e-7 of it (relative); 0 below -87, infinite above 88.
   * Cephes' expf: x = n ln 2 + r, a polynomial of degree 5 in r, n put into the exponent.
   */
  public static float exp(float x) {
    if (!(x > -87)) {
      return x == x ? 0 : x;
    }
    if (x > 88) {
      return Float.POSITIVE_INFINITY;
    }
    int n = (int) (x * LOG2_E + (x < 0 ? -0.5f : 0.5f));
    float r = x - n * LN2_HIGH - n * LN2_LOW;
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    return (p * r * r + r + 1) * Float.intBitsToFloat((n + 127) << 23);
  }

  /**
   * Returns the hyperbolic tangent, within 4e-7 of it: the rational function that Eigen uses, odd
   * of degree 13 over even of degree 6, flat beyond +-7.9.
   */
  public static float tanh(float x) {
    float c = Math.max(-7.9053111f, Math.min(7.9053111f, x));
    float s = c * c;
    float p = -2.76076847742355e-16f;
    p = p * s + 2.00018790482477e-13f;
    p = p * s - 8.60467152213735e-11f;
    p = p * s + 5.12229709037114e-08f;
    p = p * s + 1.48572235717979e-05f;
    p = p * s + 6.37261928875436e-04f;
    p = p * s + 4.89352455891786e-03f;
    float q = 1.19825839466702e-06f;
    q = q * s + 1.18534705686654e-04f;
    q = q * s + 2.26843463243900e-03f;
    q = q * s + 4.89352518554385e-03f;
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
