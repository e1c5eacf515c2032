package com.example.weft;

import io.weft.expression.Expression;
import io.weft.expression.Shape;
import io.weft.layer.Inputs;
import io.weft.layer.Layer;

/**
 * The pixel some rows above: a layer that knows nothing of TensorFlow, so that it can be drawn
 * where that is not.
 *
 * @param rows how far above
 */
record Above(int rows) implements Layer {

  @Override
  public Shape shape(Inputs inputs) {
    return inputs.only();
  }

  @Override
  public Expression compute(Inputs inputs) {
    return inputs.exactly(1).read(0, -rows, 0);
  }
}
