package io.weft.pyramid;

import io.weft.internal.random.SplitMix;

/** A seed for each model: with one for both, pixels of one place would draw the same number. */
final class Seeds {

  private Seeds() {}

  /** Returns the seed of one model. */
  static long of(long seed, Size size) {
    SplitMix seeds = new SplitMix(seed);
    long small = seeds.nextLong();
    return size == Size.SMALL ? small : seeds.nextLong();
  }
}
