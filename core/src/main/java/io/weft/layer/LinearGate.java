package io.weft.layer;

import io.weft.expression.Expression;
import io.weft.expression.Shape;
import io.weft.expression.Unary;

/**
 * The gated linear unit: the first half of the maps times sigmoid of the second half (Dauphin et
 * al. 2017; the end of PixelCNN++'s residual block). Input [height, width, 2p], output [height,
 * width, p].
 */
public record LinearGate() implements Layer {

  @Override
  public Shape shape(Inputs inputs) {
    return new Gate().shape(inputs);
  }

  @Override
  public Expression compute(Inputs inputs) {
    int half = shape(inputs).maps();
    Expression x = inputs.read(0);
    return x.slice(0, half).times(x.slice(half, half).map(Unary.SIGMOID));
  }

  @Override
  public String label() {
    return "linear-gate";
  }
}
