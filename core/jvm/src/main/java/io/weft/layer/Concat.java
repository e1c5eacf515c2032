package io.weft.layer;

import io.weft.expression.Expression;
import io.weft.expression.Shape;
import java.util.stream.IntStream;

/** The maps of all inputs side by side; a global input (1 x 1) is repeated everywhere. */
public record Concat() implements Layer {

  @Override
  public Shape shape(Inputs inputs) {
    return inputs.grid().withMaps(inputs.shapes().stream().mapToInt(Shape::maps).sum());
  }

  @Override
  public Expression compute(Inputs inputs) {
    return Expression.concat(IntStream.range(0, inputs.count()).mapToObj(inputs::read).toList());
  }
}
