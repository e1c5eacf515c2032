package io.weft.internal.step;

import io.weft.distribution.Distribution;
import io.weft.internal.distribution.ValueDistribution;
import io.weft.spec.ImageSpec;
import java.util.stream.IntStream;

/**
 * The logits of the levels of one colour value, from which both drawing and scoring start. Not for
 * use by several threads at once.
 */
public final class ValueLogits {

  /** Says that all parameters are numbers. */
  public static final int ALL_FINITE = -1;

  private final Kernels kernels;
  private final int[] parametersOfChannels;
  private final LevelLogits distribution;
  private final float[] logits;

  /** Prepares for the values of images, in the fastest loops there are. */
  public ValueLogits(Distribution distribution, ImageSpec image) {
    this(distribution, image, JvmLoops.best());
  }

  /**
   * Prepares for the values of images.
   *
   * @param loops what computes elementary functions
   */
  ValueLogits(Distribution distribution, ImageSpec image, JvmLoops loops) {
    this.kernels = loops.kernels();
    this.parametersOfChannels =
        IntStream.range(0, image.channels())
            .map(c -> ValueDistribution.of(distribution, image, c).parameters())
            .toArray();
    this.distribution = LevelLogits.of(distribution, image, loops);
    this.logits = new float[image.levels()];
  }

  /**
   * Returns the number of the first parameter of a value's distribution that is not finite, or
   * {@link #ALL_FINITE}. A distribution may swallow what is no number, as it clips its scales: so
   * none may get there.
   *
   * @param parameters where they are, from {@code offset} on
   */
  public int firstNotFinite(float[] parameters, int offset, int channel) {
    int count = parametersOfChannels[channel];
    if (kernels.areFinite(parameters, offset, count)) {
      return ALL_FINITE;
    }
    int i = 0;
    while (Float.isFinite(parameters[offset + i])) {
      i++;
    }
    return i;
  }

  /**
   * Returns the logits, of level 0 first; the next call writes to the same array.
   *
   * @param parameters of the value's distribution, all finite, from {@code offset} on
   */
  public float[] of(float[] parameters, int offset, int channel) {
    distribution.write(parameters, offset, channel, logits);
    return logits;
  }
}
