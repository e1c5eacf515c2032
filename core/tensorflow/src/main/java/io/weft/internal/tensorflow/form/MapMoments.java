package io.weft.internal.tensorflow.form;

import io.weft.layer.MapNormalisation;
import io.weft.lower.Lowering;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.family.TFloating;

/** Normalisation over the maps of each channel, by means over a dimension of its own. */
final class MapMoments {

  private MapMoments() {}

  /** Returns the input of {@code layer}, normalised. */
  static <T extends TFloating> Operand<T> normalised(MapNormalisation layer, Lowering<T> lowering) {
    Ops tf = lowering.tf();
    int height = lowering.shape().height();
    int width = lowering.shape().width();
    int maps = lowering.shape().maps();
    int channels = layer.channels();
    Operand<T> x =
        tf.reshape(
            lowering.input(0),
            tf.constant(new int[] {-1, height * width, maps / channels, channels}));
    Operand<T> centred = tf.math.sub(x, mean(tf, x));
    Operand<T> variance = mean(tf, tf.math.square(centred));
    Operand<T> factor = tf.math.rsqrt(tf.math.add(variance, lowering.scalar(layer.epsilon())));
    return tf.reshape(
        tf.math.mul(centred, factor), tf.constant(new int[] {-1, height, width, maps}));
  }

  private static <T extends TFloating> Operand<T> mean(Ops tf, Operand<T> x) {
    return tf.math.mean(x, tf.constant(2), Mean.keepDims(true));
  }
}
