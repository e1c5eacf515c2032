package io.weft.internal.tensorflow;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.ReduceAll;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;

/**
 * Keeps what a network's output says from being made of no numbers: a distribution may swallow
 * them, as it clips its scales.
 */
final class WhereFinite {

  private WhereFinite() {}

  /**
   * Returns {@code value} where all maps of {@code output} are finite, else NaN.
   *
   * @param output [.., maps]
   * @param value [.., any]
   */
  static Operand<TFloat32> of(Ops tf, Operand<TFloat32> output, Operand<TFloat32> value) {
    Operand<TBool> finite =
        tf.reduceAll(tf.math.isFinite(output), tf.constant(-1), ReduceAll.keepDims(true));
    return tf.select(finite, value, tf.constant(Float.NaN));
  }
}
