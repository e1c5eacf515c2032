package io.weft.layer;

import io.weft.expression.Expression;
import io.weft.expression.Shape;

/**
 * Moves a feature by whole rows and columns; zeros come in. Down by one row is the link from the
 * vertical to the horizontal stack (Gated PixelCNN, figure 2).
 *
 * @param down rows down (negative: up)
 * @param right columns to the right (negative: left)
 */
public record Shift(int down, int right) implements Layer {

  @Override
  public Shape shape(Inputs inputs) {
    return inputs.only();
  }

  @Override
  public Expression compute(Inputs inputs) {
    inputs.exactly(1);
    return inputs.read(0, -down, -right);
  }

  @Override
  public String summary() {
    return String.format(java.util.Locale.ROOT, "shift (%+d, %+d)", down, right);
  }
}
