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
      for (int i = from; i < to; i++) {
        double g = gradient[i];
        double square = decay * squares[i] + (1 - decay) * g * g;
        double change = g / (Math.sqrt(square) + epsilon);
        squares[i] = (float) square;
        if (momentum > 0) {
          change += momentum * changes[i];
          changes[i] = (float) change;
        }
        weights[i] = (float) (weights[i] - rate * change);
      }
    };
  }
}
