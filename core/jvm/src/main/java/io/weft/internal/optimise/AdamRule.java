package io.weft.internal.optimise;

import io.weft.expression.Parameter;
import io.weft.optimise.Adam;

/**
 * Adam by Kingma and Ba's algorithm 1, with the decoupled decay of Loshchilov and Hutter.
 *
 * @param decay of weights, at rate 1; biases are spared
 */
record AdamRule(Adam adam, double decay) implements OptimiserRule {

  @Override
  public Step step(double rate, long number) {
    double t = (double) number + 1;
    double beta1 = adam.beta1();
    double beta2 = adam.beta2();
    double length = rate / (1 - StrictMath.pow(beta1, t));
    double bias = 1 - StrictMath.pow(beta2, t);
    double epsilon = OptimiserRule.epsilon(adam.epsilon());
    return (parameter, weights, slots, gradient, from, to) -> {
      float[] first = slots.get(Adam.FIRST_MOMENT);
      float[] second = slots.get(Adam.SECOND_MOMENT);
      double kept = parameter.role() == Parameter.Role.WEIGHT ? 1 - rate * decay : 1;
      for (int i = from; i < to; i++) {
        double g = gradient[i];
        double m = beta1 * first[i] + (1 - beta1) * g;
        double v = beta2 * second[i] + (1 - beta2) * g * g;
        double change = length * m / (Math.sqrt(v / bias) + epsilon);
        weights[i] = (float) (kept * weights[i] - change);
        first[i] = (float) m;
        second[i] = (float) v;
      }
    };
  }
}
