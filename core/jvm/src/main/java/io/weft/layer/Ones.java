package io.weft.layer;

import io.weft.expression.Expression;
import io.weft.expression.Shape;

/**
 * One map of ones on the grid of the input, of which nothing else is read: known before the first
 * pixel, so that what is made of it alone is too.
 */
public record Ones() implements Layer {

  @Override
  public Shape shape(Inputs inputs) {
    return inputs.only().withMaps(1);
  }

  @Override
  public Expression compute(Inputs inputs) {
    inputs.exactly(1);
    return Expression.constants(1);
  }
}
