package io.weft.layer;

import io.weft.expression.Expression;
import io.weft.expression.Shape;

/**
 * The sum of two or more features of one shape; a global feature (1 x 1) is added everywhere.
 * Residual and skip connections, and conditioning.
 */
public record Add() implements Layer {

  @Override
  public Shape shape(Inputs inputs) {
    Shape grid = inputs.grid();
    for (Shape shape : inputs.shapes()) {
      if (shape.maps() != grid.maps()) {
        throw new IllegalArgumentException(
            "takes inputs with the same number of maps, found "
                + inputs.shapes()
                + "; put a 1 x 1 convolution before the one that differs");
      }
    }
    return grid;
  }

  @Override
  public Expression compute(Inputs inputs) {
    Expression sum = inputs.read(0);
    for (int i = 1; i < inputs.count(); i++) {
      sum = sum.plus(inputs.read(i));
    }
    return sum;
  }
}
