package io.weft.internal.tensorflow;

import io.weft.distribution.Distribution;
import io.weft.spec.ImageSpec;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.ReduceMax;
import org.tensorflow.op.core.Squeeze;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;

/**
 * Draws levels in a TensorFlow graph by the same rule as sampling on the JVM: the inverse of the
 * cumulative distribution at a uniform number, masses in float32, their sums in float64.
 */
final class InverseDistribution {

  private final Ops tf;
  private final DistributionForm<TFloat32> form;

  /** The axis of [batch, level] along which levels lie. */
  private final Operand<TInt32> levels;

  InverseDistribution(Ops tf, Distribution distribution, ImageSpec image) {
    this.tf = tf;
    this.form = DistributionForm.of(tf, TFloat32.class, image, distribution);
    levels = tf.constant(1);
  }

  /**
   * Returns the log masses of all levels up to a summand, [batch, levels]; NaN where a parameter is
   * not finite.
   *
   * @param parameters the parameters of a channel's value, [batch, parameters]
   */
  Operand<TFloat32> logits(int channel, Operand<TFloat32> parameters) {
    return WhereFinite.of(tf, parameters, form.logits(channel, parameters));
  }

  /**
   * Returns a level for each image, [batch]; the run fails where logits give no distribution.
   *
   * @param logits of one colour value, [batch, levels]
   * @param uniforms in [0, 1), [batch]
   * @param temperature above 0, a scalar
   */
  Operand<TInt32> draw(
      Operand<TFloat32> logits, Operand<TFloat64> uniforms, Operand<TFloat32> temperature) {
    Operand<TFloat32> masses = masses(logits, temperature);
    Operand<TFloat64> sums = sums(masses);
    Operand<TFloat64> total =
        tf.debugging.checkNumerics(
            total(sums), "the logits give no distribution, or the temperature is not above 0");
    return inverse(masses, sums, total, uniforms);
  }

  /** Returns levels as above, but {@code failed} where logits give no distribution. */
  Operand<TInt32> drawOr(
      int failed,
      Operand<TFloat32> logits,
      Operand<TFloat64> uniforms,
      Operand<TFloat32> temperature) {
    Operand<TFloat32> masses = masses(logits, temperature);
    Operand<TFloat64> sums = sums(masses);
    Operand<TFloat64> total = total(sums);
    return tf.select(
        tf.math.isFinite(tf.squeeze(total, Squeeze.axis(List.of(1L)))),
        inverse(masses, sums, total, uniforms),
        tf.constant(failed));
  }

  private Operand<TFloat32> masses(Operand<TFloat32> given, Operand<TFloat32> temperature) {
    Operand<TFloat64> logits = tf.dtypes.cast(given, TFloat64.class);
    Operand<TFloat64> heights =
        tf.math.div(
            tf.math.sub(logits, tf.reduceMax(logits, levels, ReduceMax.keepDims(true))),
            tf.dtypes.cast(temperature, TFloat64.class));
    return tf.math.exp(tf.dtypes.cast(heights, TFloat32.class));
  }

  private Operand<TFloat64> sums(Operand<TFloat32> masses) {
    return tf.math.cumsum(tf.dtypes.cast(masses, TFloat64.class), levels);
  }

  private Operand<TFloat64> total(Operand<TFloat64> sums) {
    return tf.reduceMax(sums, levels, ReduceMax.keepDims(true));
  }

  private Operand<TInt32> inverse(
      Operand<TFloat32> masses,
      Operand<TFloat64> sums,
      Operand<TFloat64> total,
      Operand<TFloat64> uniforms) {
    Operand<TFloat64> target = tf.math.mul(tf.expandDims(uniforms, levels), total);
    Operand<TInt32> below =
        tf.sum(tf.dtypes.cast(tf.math.lessEqual(sums, target), TInt32.class), levels);
    return tf.math.minimum(below, lastWithMass(masses));
  }

  private Operand<TInt32> lastWithMass(Operand<TFloat32> masses) {
    Operand<TInt32> present =
        tf.dtypes.cast(tf.math.greater(masses, tf.constant(0f)), TInt32.class);
    Operand<TInt32> counted = tf.math.cumsum(tf.onesLike(present), levels);
    Operand<TInt32> largest = tf.reduceMax(tf.math.mul(present, counted), levels);
    return tf.math.sub(largest, tf.constant(1));
  }
}
