package io.weft.data;

import io.weft.internal.random.SplitMix;

/**
 * One look at one image.
 *
 * @param epoch the pass over all images, from 0; for images that are seen once, 0
 * @param image the index of the image among all
 */
public record Visit(long epoch, int image) {

  /** The random numbers of this visit: those of a seed, and of nothing that came before. */
  SplitMix random(long seed) {
    return SplitMix.of(SplitMix.of(seed, epoch).nextLong(), image);
  }
}
