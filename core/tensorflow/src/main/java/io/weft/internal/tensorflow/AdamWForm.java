package io.weft.internal.tensorflow;

import io.weft.expression.Parameter;
import io.weft.optimise.AdamW;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Adam's form, behind which the weights have shrunk. */
record AdamWForm(AdamW adamW) implements OptimiserForm {

  private AdamForm adam() {
    return new AdamForm(adamW.adam());
  }

  /** Adam's, and what its first is to be multiplied by to give the share that weights lose. */
  @Override
  public List<Double> numbers(double rate, long number) {
    List<Double> numbers = new ArrayList<>(adam().numbers(rate, number));
    numbers.add(adamW.decay() / adam().numbers(1, number).get(0));
    return numbers;
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
    if (parameter.role() != Parameter.Role.WEIGHT) {
      return adam().step(tf, name, parameter, weights, slots, numbers, gradient);
    }
    Operand<TFloat32> share = tf.math.mul(numbers.get(0), numbers.get(2));
    // The gradient is computed of the weights as they were.
    Op shrunk =
        tf.withControlDependencies(gradient)
            .assignSubVariableOp(weights.handle(name), tf.math.mul(weights.value(name), share));
    List<Op> steps = new ArrayList<>(List.of(shrunk));
    steps.addAll(
        adam()
            .step(
                tf.withControlDependencies(shrunk),
                name,
                parameter,
                weights,
                slots,
                numbers,
                gradient));
    return steps;
  }
}
