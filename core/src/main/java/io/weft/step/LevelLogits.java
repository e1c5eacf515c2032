package io.weft.step;

import io.weft.graph.Distribution;
import io.weft.graph.ImageSpec;

/**
 * What every distribution has in common: one logit for each level of a colour value, the logarithm
 * of its mass up to a summand that all levels share. Not for use by several threads at once.
 */
public interface LevelLogits {

  /**
   * Writes the logits of a colour value.
   *
   * @param parameters where the parameters of its distribution are, from {@code offset} on
   * @param channel its colour channel
   * @param logits takes one number for each level, level 0 first
   */
  void write(float[] parameters, int offset, int channel, float[] logits);

  /**
   * Returns what computes the logits of a distribution.
   *
   * @param loops what computes elementary functions
   */
  static LevelLogits of(Distribution distribution, ImageSpec image, JvmLoops loops) {
    if (distribution instanceof Distribution.LogisticMixture mixture) {
      return new MixtureLogits(mixture, image, loops.kernels());
    }
    if (distribution instanceof Distribution.Bernoulli) {
      return (parameters, offset, channel, logits) -> {
        logits[0] = 0;
        logits[1] = parameters[offset];
      };
    }
    return (parameters, offset, channel, logits) ->
        System.arraycopy(parameters, offset, logits, 0, image.levels());
  }
}
