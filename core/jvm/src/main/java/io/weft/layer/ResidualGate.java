package io.weft.layer;

import io.weft.expression.Expression;
import io.weft.expression.Shape;
import io.weft.expression.Unary;

/**
 * The end of PixelCNN++'s gated residual block: the first input plus the first half of the second
 * one's maps times the sigmoid of the second half. Inputs [height, width, p] and [height, width,
 * 2p], output [height, width, p].
 */
public record ResidualGate() implements Layer {

  @Override
  public Shape shape(Inputs inputs) {
    Shape grid = inputs.exactly(2).grid();
    int maps = inputs.shape(0).maps();
    if (inputs.shape(1).maps() != 2 * maps) {
      throw new IllegalArgumentException(
          "takes a second input with twice the maps of the first, half for the value and half for"
              + " the gate; found "
              + inputs.shapes());
    }
    return grid.withMaps(maps);
  }

  @Override
  public Expression compute(Inputs inputs) {
    int maps = shape(inputs).maps();
    Expression branch = inputs.read(1);
    Expression gate = branch.slice(maps, maps).map(Unary.SIGMOID);
    return inputs.read(0).plus(branch.slice(0, maps).times(gate));
  }

  @Override
  public String label() {
    return "residual-gate";
  }
}
