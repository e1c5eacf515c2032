package io.weft.layer;

import io.weft.expression.Expression;
import io.weft.expression.Shape;

/**
 * What the input is at the pixel that is generated just before the own one, whatever the order; at
 * the first pixel 0. So a sequence model is fed what it has to go on from.
 */
public record Before() implements Layer {

  @Override
  public Shape shape(Inputs inputs) {
    return inputs.only();
  }

  @Override
  public Expression compute(Inputs inputs) {
    return inputs.exactly(1).readBefore(0);
  }
}
