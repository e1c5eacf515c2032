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
      double[] mean = new double[BLOCK];
      double[] root = new double[BLOCK];
      for (int at = from; at < to; at += BLOCK) {
        int count = Math.min(BLOCK, to - at);
        for (int i = 0; i < count; i++) {
          double g = gradient[at + i];
          mean[i] = beta1 * first[at + i] + (1 - beta1) * g;
          root[i] = beta2 * second[at + i] + (1 - beta2) * g * g;
        }
        for (int i = 0; i < count; i++) {
          first[at + i] = (float) mean[i];
          second[at + i] = (float) root[i];
        }
        for (int i = 0; i < count; i++) {
          root[i] = Math.sqrt(root[i] / bias) + epsilon;
        }
        for (int i = 0; i < count; i++) {
          mean[i] = length * mean[i] / root[i];
        }
        for (int i = 0; i < count; i++) {
          weights[at + i] = (float) (kept * weights[at + i] - mean[i]);
        }
      }
    };
  }
}
