package io.weft.layer;

import io.weft.expression.Expression;
import io.weft.expression.Shape;
import java.util.List;

/**
 * The input with one more map, which is 1 everywhere: convolutions then tell the zeros outside the
 * image from those within (PixelCNN++).
 */
public record OnesChannel() implements Layer {

  @Override
  public Shape shape(Inputs inputs) {
    Shape in = inputs.only();
    return in.withMaps(in.maps() + 1);
  }

  @Override
  public Expression compute(Inputs inputs) {
    inputs.exactly(1);
    return Expression.concat(List.of(inputs.read(0), Expression.constants(1)));
  }

  @Override
  public String label() {
    return "ones";
  }
}
