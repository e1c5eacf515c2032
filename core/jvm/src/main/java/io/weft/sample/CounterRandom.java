package io.weft.sample;

/**
 * Counter-based randomness: a uniform number as a pure function of where it is used, so that an
 * image is the same at every batch size, thread count and streaming mode.
 *
 * <p>Construction: starting from a constant, each of (seed, image, position, channel) in turn is
 * added to the state times the golden ratio's odd constant, and the state is mixed by MurmurHash3's
 * 64-bit finaliser (a bijection with full avalanche). The upper 53 bits are the number.
 */
public final class CounterRandom {

  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private CounterRandom() {}

  /**
   * Returns the number in [0, 1) with which a colour value is drawn.
   *
   * @param seed the seed
   * @param image the index of the image
   * @param position the row-major position of the pixel
   * @param channel the colour channel
   */
  public static double uniform(long seed, long image, int position, int channel) {
    long state = mix(seed + GOLDEN);
    state = mix(state * GOLDEN + image);
    state = mix(state * GOLDEN + position);
    state = mix(state * GOLDEN + channel);
    return (state >>> 11) * 0x1p-53;
  }

  private static long mix(long state) {
    long z = (state ^ (state >>> 33)) * 0xFF51AFD7ED558CCDL;
    z = (z ^ (z >>> 33)) * 0xC4CEB9FE1A85EC53L;
    return z ^ (z >>> 33);
  }
}
