package io.weft.internal.tensorflow;

import io.weft.expression.Parameter;
import io.weft.internal.optimise.OptimiserRule;
import io.weft.optimise.RmsProp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;

/**
 * RMSProp of single operations: TensorFlow's kernel adds epsilon below the root, and multiplies the
 * rate into what momentum keeps. In float64, which mixed precision leaves alone.
 */
record RmsPropForm(RmsProp rmsProp) implements OptimiserForm {

  @Override
  public List<Double> numbers(double rate, long number) {
    return List.of(rate);
  }

  @Override
  public List<Op> step(
      Ops tf,
      String name,
      Parameter parameter,
      Variables weights,
      Map<String, Variables> slots,
      List<Operand<TFloat32>> numbers,
      Operand<TFloat32> gradient) {
    List<Op> steps = new ArrayList<>();
    Operand<TFloat64> g = wide(tf, gradient);
    Operand<TFloat64> square =
        keep(
            tf,
            slots.get(RmsProp.MEAN_SQUARE),
            name,
            rmsProp.decay(),
            tf.math.mul(tf.math.square(g), tf.constant(1 - rmsProp.decay())),
            steps);
    Operand<TFloat64> change =
        tf.math.div(
            g,
            tf.math.add(
                tf.math.sqrt(square), tf.constant(OptimiserRule.epsilon(rmsProp.epsilon()))));
    if (rmsProp.momentum() > 0) {
      change = keep(tf, slots.get(RmsProp.CHANGE), name, rmsProp.momentum(), change, steps);
    }
    steps.add(
        tf.assignSubVariableOp(
            weights.handle(name),
            tf.dtypes.cast(tf.math.mul(wide(tf, numbers.get(0)), change), TFloat32.class)));
    return steps;
  }

  /** Returns {@code share} of a slot plus {@code more}, which the slot becomes. */
  private static Operand<TFloat64> keep(
      Ops tf,
      Variables slot,
      String parameter,
      double share,
      Operand<TFloat64> more,
      List<Op> steps) {
    Operand<TFloat64> sum =
        tf.math.add(tf.math.mul(wide(tf, slot.value(parameter)), tf.constant(share)), more);
    steps.add(tf.assignVariableOp(slot.handle(parameter), tf.dtypes.cast(sum, TFloat32.class)));
    return sum;
  }

  private static Operand<TFloat64> wide(Ops tf, Operand<TFloat32> value) {
    return tf.dtypes.cast(value, TFloat64.class);
  }
}
