package io.weft.internal.tensorflow.form;

import io.weft.expression.Parameter;
import io.weft.layer.BatchNormalisation;
import io.weft.lower.LayerForm;
import io.weft.lower.Lowering;
import io.weft.lower.Phase;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TFloating;

/** Batch normalisation: measures in training, uses what it has measured otherwise. */
public final class BatchNormalisationForm implements LayerForm<BatchNormalisation> {

  @Override
  public Class<BatchNormalisation> layer() {
    return BatchNormalisation.class;
  }

  @Override
  public <T extends TFloating> Operand<T> lower(BatchNormalisation layer, Lowering<T> lowering) {
    if (lowering.phase() == Phase.INFERENCE) {
      return lowering.evaluate(lowering.expression());
    }
    Ops tf = lowering.tf();
    Operand<T> x = lowering.input(0);
    Operand<T> mean = mean(tf, x);
    Operand<T> centred = tf.math.sub(x, mean);
    Operand<T> variance = mean(tf, tf.math.square(centred));
    average(layer, lowering, "mean", mean);
    average(layer, lowering, "variance", variance);
    Operand<T> factor =
        tf.math.mul(
            tf.math.rsqrt(tf.math.add(variance, lowering.scalar(layer.epsilon()))),
            lowering.parameter("scale"));
    return tf.math.add(tf.math.mul(centred, factor), lowering.parameter("bias"));
  }

  /**
   * The mean over all positions of a batch: of columns, then of rows, then of images. TensorFlow
   * adds up numbers one after the other, and the sums of thousands at once are wrong in the sixth
   * digit.
   */
  private static <T extends TFloating> Operand<T> mean(Ops tf, Operand<T> x) {
    Operand<T> mean = x;
    for (int axis = 2; axis >= 0; axis--) {
      mean = tf.math.mean(mean, tf.constant(new int[] {axis}), Mean.keepDims(true));
    }
    return mean;
  }

  /** Keeps min(momentum, t / (t + 1)) after t steps: of the first ones that is their mean. */
  private static <T extends TFloating> void average(
      BatchNormalisation layer, Lowering<T> lowering, String name, Operand<T> measured) {
    Ops tf = lowering.tf();
    Parameter statistic = lowering.named(name);
    // In float64, which mixed precision leaves alone: shares near 0 and 1 must add up to 1.
    Operand<TFloat64> steps = tf.dtypes.cast(lowering.trainingSteps(), TFloat64.class);
    Operand<TFloat64> share =
        tf.math.maximum(
            tf.constant(1 - layer.momentum()),
            tf.math.reciprocal(tf.math.add(steps, tf.constant(1.0))));
    Operand<TFloat64> old = tf.dtypes.cast(lowering.parameter(statistic), TFloat64.class);
    Operand<TFloat64> found =
        tf.reshape(
            tf.dtypes.cast(measured, TFloat64.class), tf.constant(new int[] {statistic.size()}));
    Operand<TFloat64> average = tf.math.add(old, tf.math.mul(tf.math.sub(found, old), share));
    lowering.update(statistic, tf.dtypes.cast(average, lowering.type()));
  }
}
