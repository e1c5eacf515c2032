package io.weft.internal.optimise;

import io.weft.optimise.RmsProp;

/** RMSProp, as {@link RmsProp} has it. */
record RmsPropRule(RmsProp rmsProp) implements OptimiserRule {

  @Override
  public Step step(double rate, long number) {
    double decay = rmsProp.decay();
    double momentum = rmsProp.momentum();
    double epsilon = OptimiserRule.epsilon(rmsProp.epsilon());
    return (parameter, weights, slots, gradient, from, to) -> {
      float[] squares = slots.get(RmsProp.MEAN_SQUARE);
      float[] changes = slots.get(RmsProp.CHANGE);
      double[] change = new double[BLOCK];
      double[] root = new double[BLOCK];
      for (int at = from; at < to; at += BLOCK) {
        int count = Math.min(BLOCK, to - at);
        for (int i = 0; i < count; i++) {
          double g = gradient[at + i];
          change[i] = g;
          root[i] = decay * squares[at + i] + (1 - decay) * g * g;
        }
        for (int i = 0; i < count; i++) {
          squares[at + i] = (float) root[i];
        }
        for (int i = 0; i < count; i++) {
          change[i] /= Math.sqrt(root[i]) + epsilon;
        }
        for (int i = 0; momentum > 0 && i < count; i++) {
          change[i] += momentum * changes[at + i];
          changes[at + i] = (float) change[i];
        }
        for (int i = 0; i < count; i++) {
          weights[at + i] = (float) (weights[at + i] - rate * change[i]);
        }
      }
    };
  }
}
