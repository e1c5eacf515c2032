package io.weft.pyramid;

/** A seed for each model: with one for both, pixels of one place would draw the same number. */
final class Seeds {

  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private Seeds() {}

  /** Returns the seed of one model (SplitMix64's finaliser). */
  static long of(long seed, Size size) {
    long z = seed + GOLDEN * (size == Size.SMALL ? 1 : 2);
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
