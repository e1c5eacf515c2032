package io.weft.internal.tensorflow;

import io.weft.expression.Binary;
import io.weft.expression.Unary;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/** The elementwise functions of the expression language as TensorFlow operations. */
final class Elementwise {

  private Elementwise() {}

  static <T extends TFloating> Operand<T> unary(Ops tf, Unary function, Operand<T> x) {
    return switch (function) {
      case NEGATE -> tf.math.neg(x);
      case EXP -> tf.math.exp(x);
      case LOG -> tf.math.log(x);
      case TANH -> tf.math.tanh(x);
      case SIGMOID -> tf.math.sigmoid(x);
      case RELU -> tf.nn.relu(x);
      case ELU -> tf.nn.elu(x);
      case SOFTPLUS -> tf.math.softplus(x);
      case SQUARE -> tf.math.square(x);
      case SQRT -> tf.math.sqrt(x);
      case RSQRT -> tf.math.rsqrt(x);
    };
  }

  /** The level, 0 to levels - 1, that each value stands for in a look-up. */
  static <T extends TFloating> Operand<TInt32> level(Ops tf, Operand<T> x, int levels) {
    Operand<T> half = tf.dtypes.cast(tf.constant((levels - 1) / 2.0), x.type());
    Operand<T> rounded =
        tf.math.floor(
            tf.math.add(
                tf.math.mul(tf.math.add(x, tf.dtypes.cast(tf.constant(1), x.type())), half),
                tf.dtypes.cast(tf.constant(0.5), x.type())));
    return tf.math.maximum(
        tf.constant(0),
        tf.math.minimum(tf.constant(levels - 1), tf.dtypes.cast(rounded, TInt32.class)));
  }

  /** The mean of each row of [rows, any], {@code width} times. */
  static <T extends TFloating> Operand<T> mean(Ops tf, Operand<T> x, int width) {
    return tf.tile(
        tf.math.mean(x, tf.constant(1), Mean.keepDims(true)), tf.constant(new int[] {1, width}));
  }

  static <T extends TFloating> Operand<T> binary(
      Ops tf, Binary function, Operand<T> a, Operand<T> b) {
    return switch (function) {
      // Not x + x: TensorFlow rewrites a chain of n such sums to one sum of 2^n operands.
      case ADD ->
          a == b ? tf.math.mul(a, tf.dtypes.cast(tf.constant(2), a.type())) : tf.math.add(a, b);
      case SUBTRACT -> tf.math.sub(a, b);
      case MULTIPLY -> tf.math.mul(a, b);
      case DIVIDE -> tf.math.div(a, b);
      case MAXIMUM -> tf.math.maximum(a, b);
      case MINIMUM -> tf.math.minimum(a, b);
    };
  }
}
