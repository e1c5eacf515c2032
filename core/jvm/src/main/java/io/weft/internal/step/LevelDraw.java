package io.weft.internal.step;

import io.weft.distribution.Distribution;
import io.weft.distribution.Distribution.LogisticMixture;
import io.weft.spec.ImageSpec;
import org.jspecify.annotations.Nullable;

/**
 * Draws the level of a colour value from the parameters of its distribution: the inverse of the
 * cumulative distribution at a uniform number. Not for use by several threads at once.
 */
public final class LevelDraw {

  private final ValueLogits values;
  private final SoftmaxDraw softmax;

  /** Quicker, for what it knows. */
  private final @Nullable MixtureQuantile mixture;

  /** Prepares for the values of images, in the fastest loops there are. */
  public LevelDraw(Distribution distribution, ImageSpec image) {
    this(distribution, image, JvmLoops.best());
  }

  /**
   * Prepares for the values of images.
   *
   * @param loops what computes elementary functions
   */
  LevelDraw(Distribution distribution, ImageSpec image, JvmLoops loops) {
    this.values = new ValueLogits(distribution, image, loops);
    this.softmax = new SoftmaxDraw(image.levels(), loops);
    this.mixture =
        distribution instanceof LogisticMixture given
            ? new MixtureQuantile(given, image, loops.kernels())
            : null;
  }

  /**
   * Returns a level, from 0.
   *
   * @param parameters of the value's distribution, all finite, from {@code offset} on
   * @param channel its colour channel
   * @param temperature what the logits of its levels are divided by, above 0
   * @param u in [0, 1)
   * @throws ArithmeticException if the parameters give no distribution
   */
  public int draw(float[] parameters, int offset, int channel, double temperature, double u) {
    if (mixture != null && temperature == 1) {
      int level = mixture.level(parameters, offset, channel, u);
      if (level != MixtureQuantile.UNSURE) {
        return level;
      }
    }
    return softmax.draw(values.of(parameters, offset, channel), 0, temperature, u);
  }

  /** Returns what the levels' logits are computed by. */
  public ValueLogits values() {
    return values;
  }
}
