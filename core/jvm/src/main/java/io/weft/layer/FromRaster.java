package io.weft.layer;

import io.weft.expression.Expression;
import io.weft.expression.Shape;

/**
 * Turns back what {@link ToRaster} has turned: the output at a pixel is the input at the position
 * of that number in raster order.
 *
 * <p>Input and output [height, width, any maps], of the size of the images.
 */
public record FromRaster() implements Layer {

  @Override
  public String label() {
    return "from-raster";
  }

  @Override
  public Shape shape(Inputs inputs) {
    return inputs.only();
  }

  @Override
  public Expression compute(Inputs inputs) {
    ToRaster.check(inputs.exactly(1).order(0));
    return inputs.readFromRasterOrder(0);
  }
}
