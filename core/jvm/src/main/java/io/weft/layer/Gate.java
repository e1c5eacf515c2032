package io.weft.layer;

import io.weft.expression.Expression;
import io.weft.expression.Shape;
import io.weft.expression.Unary;

/**
 * The gated activation: tanh of the first half of the maps times sigmoid of the second half (Gated
 * PixelCNN, equation 2). Input [height, width, 2p], output [height, width, p].
 */
public record Gate() implements Layer {

  @Override
  public Shape shape(Inputs inputs) {
    Shape in = inputs.only();
    if (in.maps() % 2 != 0) {
      throw new IllegalArgumentException(
          "takes an even number of maps, half for the value and half for the gate; found "
              + in.maps());
    }
    return in.withMaps(in.maps() / 2);
  }

  @Override
  public Expression compute(Inputs inputs) {
    int half = shape(inputs).maps();
    Expression x = inputs.read(0);
    return x.slice(0, half).map(Unary.TANH).times(x.slice(half, half).map(Unary.SIGMOID));
  }
}
