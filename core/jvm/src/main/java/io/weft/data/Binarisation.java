package io.weft.data;

import io.weft.internal.random.SplitMix;
import io.weft.spec.ImageSpec;
import java.util.Locale;

/**
 * How grey images become images of two levels, 0 and 1. Likelihoods of images that were made so in
 * different ways are of different data, and do not compare: on MNIST's test set the noise of {@link
 * #fixed} and {@link #dynamic} alone is 45.5 nats an image.
 */
public abstract sealed class Binarisation implements Variation {

  private Binarisation() {}

  /** Returns the one that rounds: 1 in the upper half of the levels, of 256 from 128 on. */
  public static Binarisation threshold() {
    return new Threshold();
  }

  /**
   * Returns the one that draws each value once, 1 with the probability level / (levels - 1): as in
   * Larochelle and Murray 2011 (The Neural Autoregressive Distribution Estimator), but for their
   * draw, which is a file.
   *
   * @param seed any number
   */
  public static Binarisation fixed(long seed) {
    return new Drawn(seed, false);
  }

  /**
   * Returns the one that draws each value as {@link #fixed} does, but anew at every visit: a
   * function of the seed, the epoch, the image and the place. As in Salakhutdinov and Murray 2008
   * (On the Quantitative Analysis of Deep Belief Networks). Where images are looked at once, as in
   * scoring, they are those of epoch 0.
   *
   * @param seed any number
   */
  public static Binarisation dynamic(long seed) {
    return new Drawn(seed, true);
  }

  @Override
  public ImageSpec spec(ImageSpec images) {
    return new ImageSpec(images.height(), images.width(), images.channels(), 2);
  }

  private static final class Threshold extends Binarisation {
    @Override
    public int[] apply(ImageSpec images, int[] levels, Visit visit) {
      for (int i = 0; i < levels.length; i++) {
        levels[i] = 2 * levels[i] >= images.levels() ? 1 : 0;
      }
      return levels;
    }

    @Override
    public String toString() {
      return "binarised at half of the levels";
    }
  }

  private static final class Drawn extends Binarisation {
    private final long seed;
    private final boolean anew;

    Drawn(long seed, boolean anew) {
      this.seed = seed;
      this.anew = anew;
    }

    @Override
    public int[] apply(ImageSpec images, int[] levels, Visit visit) {
      SplitMix random = new Visit(anew ? visit.epoch() : 0, visit.image()).random(seed);
      double highest = images.levels() - 1;
      for (int i = 0; i < levels.length; i++) {
        levels[i] = random.nextDouble() < levels[i] / highest ? 1 : 0;
      }
      return levels;
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "binarised by drawing %s, seed %d",
          anew ? "anew at every visit" : "once",
          seed);
    }
  }
}
