package io.weft.internal.tensorflow;

import io.weft.expression.Parameter;
import io.weft.optimise.Adam;
import io.weft.optimise.AdamW;
import io.weft.optimise.Optimiser;
import io.weft.optimise.RmsProp;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** An optimiser as TensorFlow operations. */
interface OptimiserForm {

  /** Returns the form of an optimiser. */
  static OptimiserForm of(Optimiser optimiser) {
    return optimiser.match(
        new Optimiser.Cases<>() {
          @Override
          public OptimiserForm adam(Adam adam) {
            return new AdamForm(adam);
          }

          @Override
          public OptimiserForm adamW(AdamW adamW) {
            return new AdamWForm(adamW);
          }

          @Override
          public OptimiserForm rmsProp(RmsProp rmsProp) {
            return new RmsPropForm(rmsProp);
          }
        });
  }

  /**
   * Returns what a step is fed with, always as many numbers. With 0 for the first of them, the
   * rate, it changes no weight.
   *
   * @param rate the learning rate
   * @param number how many steps have led to what the optimiser keeps, from 0
   */
  List<Double> numbers(double rate, long number);

  /**
   * Returns what a step changes of one parameter and its slots.
   *
   * @param name the parameter's full name
   * @param slots what the optimiser keeps, by name
   * @param numbers what {@link #numbers} gives
   */
  List<Op> step(
      Ops tf,
      String name,
      Parameter parameter,
      Variables weights,
      Map<String, Variables> slots,
      List<Operand<TFloat32>> numbers,
      Operand<TFloat32> gradient);
}
