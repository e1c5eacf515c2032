package io.weft.internal.optimise;

import io.weft.optimise.Adam;

/** Adam by Kingma and Ba's algorithm 1. */
record AdamRule(Adam adam) implements OptimiserRule {

  @Override
  public Step step(double rate, long number) {
    double t = (double) number + 1;
    double beta1 = adam.beta1();
    double beta2 = adam.beta2();
    double length = rate / (1 - StrictMath.pow(beta1, t));
    double bias = 1 - StrictMath.pow(beta2, t);
    double epsilon = OptimiserRule.epsilon(adam.epsilon());
    return (weights, slots, gradient, from, to) -> {
      float[] first = slots.get(Adam.FIRST_MOMENT);
      float[] second = slots.get(Adam.SECOND_MOMENT);
      for (int i = from; i < to; i++) {
        double g = gradient[i];
        double m = beta1 * first[i] + (1 - beta1) * g;
        double v = beta2 * second[i] + (1 - beta2) * g * g;
        weights[i] = (float) (weights[i] - length * m / (Math.sqrt(v / bias) + epsilon));
        first[i] = (float) m;
        second[i] = (float) v;
      }
    };
  }
}
