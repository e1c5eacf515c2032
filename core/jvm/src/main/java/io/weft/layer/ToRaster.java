package io.weft.layer;

import io.weft.advice.Advice;
import io.weft.advice.AdvisedException;
import io.weft.expression.Expression;
import io.weft.expression.Shape;
import io.weft.order.GenerationOrder;

/**
 * Turns what lies as the image does so that the model's generation order goes through it in raster
 * order: the position (r, c) of the output is the pixel that is generated as number r x width + c.
 * So layers that go along rows, as the vertical and horizontal stacks of Gated PixelCNN, serve a
 * model for the mirrored and transposed raster orders; all layers up to {@link FromRaster} take the
 * order for raster order.
 *
 * <p>Input and output [height, width, any maps], of the size of the images. The orders are raster
 * order, mirrored, and of square images transposed too; for any other there is no such turn.
 */
public record ToRaster() implements Layer {

  @Override
  public String label() {
    return "to-raster";
  }

  @Override
  public Shape shape(Inputs inputs) {
    return inputs.only();
  }

  @Override
  public Expression compute(Inputs inputs) {
    GenerationOrder order = inputs.exactly(1).order(0);
    check(order);
    return inputs.readInRasterOrder(0);
  }

  static void check(GenerationOrder order) {
    if (!order.isTurnedRaster()) {
      throw new AdvisedException(
          "only raster order, mirrored or (of square images) transposed, can be turned to raster"
              + " order, found "
              + order,
          Advice.FOLLOW_THE_ORDER);
    }
  }
}
