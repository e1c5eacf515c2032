package io.weft.internal.tensorflow;

import io.weft.expression.Parameter;
import io.weft.internal.optimise.OptimiserRule;
import io.weft.optimise.Adam;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Adam by TensorFlow's kernel, which adds its epsilon to the root of the second moment before the
 * bias of that is corrected: the "epsilon hat" of Kingma and Ba's section 2. With theirs times
 * sqrt(1 - beta2^t) it takes the steps of algorithm 1. Both corrections are made here, in double,
 * and none there: in float32 1 - beta2^t has few digits. They are those of the kernel's decays,
 * which float32 has rounded.
 */
record AdamForm(Adam adam) implements OptimiserForm {

  @Override
  public List<Double> numbers(double rate, long number) {
    double t = (double) number + 1;
    double root = Math.sqrt(1 - StrictMath.pow((float) adam.beta2(), t));
    return List.of(
        rate * root / (1 - StrictMath.pow((float) adam.beta1(), t)),
        OptimiserRule.epsilon(adam.epsilon() * root));
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
    Operand<TFloat32> corrected = tf.constant(0f);
    return List.of(
        tf.train.resourceApplyAdam(
            weights.handle(name),
            slots.get(Adam.FIRST_MOMENT).handle(name),
            slots.get(Adam.SECOND_MOMENT).handle(name),
            corrected,
            corrected,
            numbers.get(0),
            tf.constant((float) adam.beta1()),
            tf.constant((float) adam.beta2()),
            numbers.get(1),
            gradient));
  }
}
