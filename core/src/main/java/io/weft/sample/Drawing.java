package io.weft.sample;

import io.weft.graph.Distribution;
import io.weft.graph.ImageSpec;
import io.weft.step.JvmLoops;
import io.weft.step.SoftmaxDraw;

/** Draws a level from a distribution's parameters. Not for use by several threads at once. */
final class Drawing {

  private final Distribution distribution;
  private final double temperature;
  private final SoftmaxDraw softmax;
  private final float[] binary = new float[2];

  Drawing(Distribution distribution, ImageSpec image, double temperature) {
    this.distribution = distribution;
    this.temperature = temperature;
    this.softmax = new SoftmaxDraw(image.levels(), JvmLoops.best());
  }

  /**
   * Returns a level.
   *
   * @param parameters where the distribution's parameters are, from {@code offset} on
   * @param u in [0, 1)
   * @throws ArithmeticException if the parameters give no distribution
   */
  int draw(float[] parameters, int offset, double u) {
    return switch (distribution) {
      case SOFTMAX -> softmax.draw(parameters, offset, temperature, u);
      // A logit of level 1 against level 0.
      case BERNOULLI -> {
        binary[1] = parameters[offset];
        yield softmax.draw(binary, 0, temperature, u);
      }
    };
  }
}
