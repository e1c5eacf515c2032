package io.weft.internal.step;

import io.weft.distribution.Distribution;
import io.weft.internal.distribution.ValueDistribution;
import io.weft.spec.ImageSpec;

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
   * Returns what computes the logits of a distribution: of Weft's own a quicker way, which tests
   * hold to the meaning.
   *
   * @param loops what computes elementary functions
   */
  static LevelLogits of(Distribution distribution, ImageSpec image, JvmLoops loops) {
    if (distribution instanceof Distribution.Softmax) {
      return (parameters, offset, channel, logits) ->
          System.arraycopy(parameters, offset, logits, 0, image.levels());
    }
    if (distribution instanceof Distribution.Bernoulli) {
      return (parameters, offset, channel, logits) -> {
        logits[0] = 0;
        logits[1] = parameters[offset];
      };
    }
    if (distribution instanceof Distribution.LogisticMixture mixture) {
      return new MixtureLogits(mixture, image, loops.kernels());
    }
    return meaning(distribution, image, loops);
  }

  /**
   * Returns what computes the logits of any distribution, as its {@linkplain Distribution#logits
   * meaning} says.
   *
   * @param loops what computes elementary functions
   */
  static LevelLogits meaning(Distribution distribution, ImageSpec image, JvmLoops loops) {
    RowProgram[] ofChannels = new RowProgram[image.channels()];
    for (int c = 0; c < ofChannels.length; c++) {
      ValueDistribution value = ValueDistribution.of(distribution, image, c);
      ofChannels[c] = new RowProgram(value.logits(), value.parameters(), loops.kernels());
    }
    return (parameters, offset, channel, logits) ->
        ofChannels[channel].run(parameters, offset, logits);
  }
}
