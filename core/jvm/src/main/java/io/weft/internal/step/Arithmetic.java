package io.weft.internal.step;

/**
 * What makes the JVM executor compute the same bits on every processor and Java, in plain and in
 * vector loops, compiled or interpreted.
 *
 * <p>The rule: a product starts from its bias and adds one row of the matrix after the other, each
 * with a {@linkplain Math#fma fused multiply-add}; rows that meet zeros outside the image may be
 * left out, since a sum never starts from minus zero. Sums go from the first number to the last,
 * never by lanes. Functions of floats are those of {@link FastMath}, made of additions,
 * multiplications, divisions, square roots and fused multiply-adds, which IEEE 754 defines to the
 * bit; functions of doubles are those of {@link StrictMath}. {@link Math}'s others differ between
 * processors and versions of Java.
 */
public final class Arithmetic {

  private static final int VERSION = 1;

  /** A float has so many fewer digits than a double. */
  private static final long DROPPED = (1L << 29) - 1;

  private static final long HALFWAY = 1L << 28;

  private static final boolean FUSES = fusesQuickly();

  /** Not final, so that it is halved where it is asked for, and not by the compiler. */
  private static volatile float leastNormal = Float.MIN_NORMAL;

  private Arithmetic() {}

  /**
   * Returns the version of the arithmetic: whatever was computed under the same version, anywhere,
   * is computed again to the bit. Whoever changes the order in which numbers are added, or a
   * function, has to change it: what was stored relies on it.
   */
  public static int version() {
    return VERSION;
  }

  /** Whether {@link Math#fma} is an instruction of the processor. */
  public static boolean fuses() {
    return FUSES;
  }

  /**
   * Checks that the thread computes as IEEE 754 says. A native library may have switched its
   * processor to making numbers zero that are below the normal ones, which Java does not expect.
   *
   * @throws IllegalStateException if it has
   */
  static void checkSubnormals() {
    checkSubnormals(leastNormal / 2);
  }

  /** Checks a number below the normal ones, as it was computed. */
  static void checkSubnormals(float subnormal) {
    if (subnormal == 0) {
      throw new IllegalStateException(
          "a native library has switched thread \""
              + Thread.currentThread().getName()
              + "\" to rounding the smallest numbers to zero, so that other bits would come out"
              + " than elsewhere; run it in a thread that the library has not touched");
    }
  }

  /** Returns a b + c, rounded once: {@link Math#fma}, in the quickest way that there is here. */
  static float fma(float a, float b, float c) {
    return FUSES ? Math.fma(a, b, c) : emulated(a, b, c);
  }

  /**
   * {@link Math#fma} for processors without it, for which Java computes in decimal numbers of any
   * length. The product is exact in double. Rounding the sum to double and then to float goes wrong
   * only where the double lies halfway between two floats, or below the normal ones: there it is
   * rounded to odd first (Boldo and Melquiond 2008, "Emulation of a FMA and correctly rounded
   * sums").
   */
  static float emulated(float a, float b, float c) {
    double product = (double) a * b;
    double sum = product + c;
    boolean halfway = (Double.doubleToRawLongBits(sum) & DROPPED) == HALFWAY;
    return !halfway && Math.abs(sum) >= Float.MIN_NORMAL
        ? (float) sum
        : (float) toOdd(product, c, sum);
  }

  /** The neighbour with an odd last digit, of the two that an inexact sum lies between. */
  private static double toOdd(double x, double y, double sum) {
    double ofY = sum - x;
    double error = (x - (sum - ofY)) + (y - ofY);
    long bits = Double.doubleToRawLongBits(sum);
    if (error == 0 || Double.isNaN(error) || (bits & 1) != 0) {
      return sum;
    }
    return Double.longBitsToDouble((error > 0) == (sum > 0) ? bits + 1 : bits - 1);
  }

  /** A wrong answer costs time, never bits. */
  private static boolean fusesQuickly() {
    long fused = Long.MAX_VALUE;
    long emulated = Long.MAX_VALUE;
    float sum = 0;
    for (int round = 0; round < 5; round++) {
      long start = System.nanoTime();
      for (int i = 0; i < 200; i++) {
        sum = Math.fma(0.7f, sum, i);
      }
      long middle = System.nanoTime();
      for (int i = 0; i < 200; i++) {
        sum = emulated(0.7f, sum, i);
      }
      fused = Math.min(fused, middle - start);
      emulated = Math.min(emulated, System.nanoTime() - middle);
    }
    // The sum is used, so that the loops are not left out.
    return fused < 4 * emulated + (sum == 0 ? 1 : 0);
  }
}
