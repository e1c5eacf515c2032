package io.weft.internal.random;

/**
 * SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, OOPSLA 2014).
 * Written out here so that shuffles, splits and the embedded digits are the same on every JVM.
 */
public final class SplitMix {

  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private long state;

  /** Begins the stream of a seed. */
  public SplitMix(long seed) {
    this.state = seed;
  }

  /**
   * Returns a stream of its own for each (seed, index), so that image i never depends on image i -
   * 1.
   */
  public static SplitMix of(long seed, long index) {
    return new SplitMix(mix(mix(seed + GOLDEN) + GOLDEN * index));
  }

  /** Returns the next 64 bits. */
  public long nextLong() {
    state += GOLDEN;
    return mix(state);
  }

  /**
   * Returns a number, uniform in [0, bound), without bias: draws from the incomplete last block are
   * thrown away.
   */
  public int nextInt(int bound) {
    while (true) {
      long bits = nextLong() >>> 33;
      long value = bits % bound;
      if (bits - value + bound <= 1L << 31) {
        return (int) value;
      }
    }
  }

  /** Returns a number, uniform in [0, 1). */
  public double nextDouble() {
    return (nextLong() >>> 11) * 0x1p-53;
  }

  /** Returns a number, uniform from {@code low} to {@code high}. */
  public double between(double low, double high) {
    return low + (high - low) * nextDouble();
  }

  /** Returns so many numbers, uniform in [0, 1). */
  public double[] doubles(int n) {
    double[] values = new double[n];
    for (int i = 0; i < n; i++) {
      values[i] = nextDouble();
    }
    return values;
  }

  /** Returns true with a probability. */
  public boolean chance(double probability) {
    return nextDouble() < probability;
  }

  /** Returns the numbers 0 to n - 1 in random order (Fisher, Yates). */
  public int[] permutation(int n) {
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      int j = nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
