package io.weft.data;

import io.weft.internal.random.SplitMix;
import io.weft.spec.ImageSpec;

/**
 * Replaces colour values at random, anew at every visit: what a model learns from such images is
 * how values go on in general, and less of what the images show (the background model of Ren et al.
 * 2019, Likelihood Ratios for Out-of-Distribution Detection, section 3).
 */
public final class Mutation implements Variation {

  private final double rate;
  private final long seed;

  private Mutation(double rate, long seed) {
    this.rate = rate;
    this.seed = seed;
  }

  /**
   * Returns the one that replaces each colour value with a probability, by one that is drawn evenly
   * from all levels.
   *
   * @param rate the probability, above 0 and at most 1; the paper takes 0.1 to 0.3
   * @param seed any number; which values follows from it, the epoch and the image
   * @throws IllegalArgumentException if the rate is out of range
   */
  public static Mutation of(double rate, long seed) {
    if (!(rate > 0 && rate <= 1)) {
      throw new IllegalArgumentException(
          "values are replaced at a rate above 0 and at most 1, found " + rate);
    }
    return new Mutation(rate, seed);
  }

  @Override
  public ImageSpec spec(ImageSpec images) {
    return images;
  }

  @Override
  public int[] apply(ImageSpec images, int[] levels, Visit visit) {
    SplitMix random = visit.random(seed);
    for (int i = 0; i < levels.length; i++) {
      if (random.chance(rate)) {
        levels[i] = random.nextInt(images.levels());
      }
    }
    return levels;
  }

  @Override
  public String toString() {
    return "values replaced at the rate " + rate + ", seed " + seed;
  }
}
