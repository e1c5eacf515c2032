package io.weft.internal.tensorflow.form;

import io.weft.layer.WeightNormalisation;
import io.weft.lower.Lowering;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/** A weight-normalised kernel over whole images. */
final class NormalisedKernel {

  private NormalisedKernel() {}

  /** Returns g V / |V|, in the shape of V. */
  static <T extends TFloating> Operand<T> of(WeightNormalisation weights, Lowering<T> lowering) {
    return lowering
        .tf()
        .math
        .mul(lowering.parameter(weights.direction()), lowering.vector(weights.factor()));
  }

  /** Returns {@code y}, [batch, height, width, maps], plus the bias. */
  static <T extends TFloating> Operand<T> plusBias(
      WeightNormalisation weights, Lowering<T> lowering, Operand<T> y) {
    return lowering.tf().math.add(y, lowering.vector(weights.bias()));
  }
}
