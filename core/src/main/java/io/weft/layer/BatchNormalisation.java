package io.weft.layer;

import io.weft.expression.Expression;
import io.weft.expression.Initializer;
import io.weft.expression.Parameter;
import io.weft.expression.Shape;
import io.weft.expression.Unary;
import io.weft.lower.Lowering;
import io.weft.lower.Phase;
import io.weft.lower.WholeImageForm;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TFloating;

/**
 * Batch normalisation (Ioffe and Szegedy 2015): each map to mean 0 and variance 1, then scaled and
 * moved by learned amounts. Training measures over the batch and all positions and keeps running
 * averages; scoring and sampling use those. Of the model's first steps they are the exact means,
 * until a mean of so many would keep more than the momentum does: where they start is forgotten in
 * the first step.
 *
 * <p>While training, the measured mean ties all pixels of a batch together, the future ones too.
 * The causality proof therefore speaks, here as everywhere, of the model that scores and samples.
 *
 * @param momentum how much of the running averages a step keeps at most, in [0, 1)
 * @param epsilon added to the variance, above 0
 */
public record BatchNormalisation(double momentum, double epsilon) implements Layer, WholeImageForm {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a number is outside its range
   */
  public BatchNormalisation {
    if (!(momentum >= 0 && momentum < 1) || !(epsilon > 0)) {
      throw new IllegalArgumentException(
          "batch normalisation needs a momentum in [0, 1) and an epsilon above 0, found "
              + momentum
              + " and "
              + epsilon);
    }
  }

  /** Returns the layer with momentum 0.99 and epsilon 1e-3. */
  public static BatchNormalisation standard() {
    return new BatchNormalisation(0.99, 1e-3);
  }

  @Override
  public Shape shape(Inputs inputs) {
    return inputs.only();
  }

  private static Parameter mean(int maps) {
    return Parameter.statistic("mean", Initializer.zeros(), maps);
  }

  private static Parameter variance(int maps) {
    return Parameter.statistic("variance", Initializer.ones(), maps);
  }

  private static Parameter scale(int maps) {
    return Parameter.offset("scale", Initializer.ones(), maps);
  }

  private static Parameter bias(int maps) {
    return Parameter.offset("bias", Initializer.zeros(), maps);
  }

  @Override
  public Expression compute(Inputs inputs) {
    int maps = inputs.only().maps();
    Expression variance = Expression.vector(variance(maps));
    Expression factor =
        variance
            .plus(variance.like((float) epsilon))
            .map(Unary.RSQRT)
            .times(Expression.vector(scale(maps)));
    return inputs
        .read(0)
        .minus(Expression.vector(mean(maps)))
        .times(factor)
        .plus(Expression.vector(bias(maps)));
  }

  @Override
  public <T extends TFloating> Operand<T> lower(Lowering<T> lowering) {
    if (lowering.phase() == Phase.INFERENCE) {
      return lowering.evaluate(lowering.expression());
    }
    Ops tf = lowering.tf();
    int maps = lowering.shape().maps();
    Operand<T> x = lowering.input(0);
    var axes = tf.constant(new int[] {0, 1, 2});
    Operand<T> mean = tf.math.mean(x, axes, Mean.keepDims(true));
    Operand<T> centred = tf.math.sub(x, mean);
    Operand<T> variance = tf.math.mean(tf.math.square(centred), axes, Mean.keepDims(true));
    average(lowering, mean(maps), mean);
    average(lowering, variance(maps), variance);
    Operand<T> factor =
        tf.math.mul(
            tf.math.rsqrt(tf.math.add(variance, lowering.scalar(epsilon))),
            lowering.parameter(scale(maps)));
    return tf.math.add(tf.math.mul(centred, factor), lowering.parameter(bias(maps)));
  }

  /** Keeps min(momentum, t / (t + 1)) after t steps: of the first ones that is their mean. */
  private <T extends TFloating> void average(
      Lowering<T> lowering, Parameter statistic, Operand<T> measured) {
    Ops tf = lowering.tf();
    // In float64, which mixed precision leaves alone: shares near 0 and 1 must add up to 1.
    Operand<TFloat64> steps = tf.dtypes.cast(lowering.steps(), TFloat64.class);
    Operand<TFloat64> share =
        tf.math.maximum(
            tf.constant(1 - momentum),
            tf.math.reciprocal(tf.math.add(steps, tf.constant(1.0))));
    Operand<TFloat64> old = tf.dtypes.cast(lowering.parameter(statistic), TFloat64.class);
    Operand<TFloat64> found =
        tf.reshape(
            tf.dtypes.cast(measured, TFloat64.class), tf.constant(new int[] {statistic.size()}));
    Operand<TFloat64> average = tf.math.add(old, tf.math.mul(tf.math.sub(found, old), share));
    lowering.update(statistic, tf.dtypes.cast(average, lowering.type()));
  }

  @Override
  public String label() {
    return "batch-norm";
  }
}
