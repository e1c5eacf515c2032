package io.weft.layer;

import io.weft.expression.Expression;
import io.weft.expression.Shape;

/**
 * Dropout (Srivastava et al. 2014): in training each value is zeroed with probability {@code rate}
 * and the others are divided by 1 - rate; otherwise the identity.
 *
 * @param rate the probability, at least 0 and below 1
 */
public record Dropout(double rate) implements Layer {

  /**
   * Checks the rate.
   *
   * @throws IllegalArgumentException if it is not in [0, 1)
   */
  public Dropout {
    if (!(rate >= 0 && rate < 1)) {
      throw new IllegalArgumentException("a dropout rate is at least 0 and below 1, found " + rate);
    }
  }

  @Override
  public Shape shape(Inputs inputs) {
    return inputs.only();
  }

  @Override
  public String summary() {
    return "dropout " + rate;
  }

  @Override
  public Expression compute(Inputs inputs) {
    inputs.exactly(1);
    return inputs.read(0);
  }
}
