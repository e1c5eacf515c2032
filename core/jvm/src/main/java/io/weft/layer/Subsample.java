package io.weft.layer;

import io.weft.expression.Expression;
import io.weft.expression.PositionMap;
import io.weft.expression.Shape;
import java.util.Locale;

/**
 * Every {@code stride}-th row and column of the input, the first ones included: how a condition
 * with a value for each pixel reaches a coarser grid. Input [height, width, maps], output [height /
 * stride, width / stride, maps], both rounded up.
 *
 * @param stride at least 1
 */
public record Subsample(int stride) implements Layer {

  /**
   * Checks the stride.
   *
   * @throws IllegalArgumentException if it is below 1
   */
  public Subsample {
    if (stride < 1) {
      throw new IllegalArgumentException("a stride is at least 1, found " + stride);
    }
  }

  @Override
  public Shape shape(Inputs inputs) {
    Shape in = inputs.only();
    // Not their sum less 1: a stride may be as large as integers are.
    return new Shape((in.height() - 1) / stride + 1, (in.width() - 1) / stride + 1, in.maps());
  }

  @Override
  public Expression compute(Inputs inputs) {
    Shape in = inputs.only();
    return inputs.read(
        0,
        String.format(Locale.ROOT, "%d x (+0, +0)", stride),
        new PositionMap.Strided(stride, 0, 0, in.height(), in.width()));
  }

  @Override
  public String summary() {
    return label() + " by " + stride;
  }
}
