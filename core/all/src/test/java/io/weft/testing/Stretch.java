package io.weft.testing;

import io.weft.expression.Expression;
import io.weft.expression.Shape;
import io.weft.layer.Inputs;
import io.weft.layer.Layer;

/** Brings a grid to another size, each position from where it lies in the old one. */
record Stretch(int height, int width) implements Layer {
  @Override
  public Shape shape(Inputs inputs) {
    return new Shape(height, width, inputs.only().maps());
  }

  @Override
  public Expression compute(Inputs inputs) {
    Shape in = inputs.only();
    return inputs.read(
        0,
        "where it lies",
        (r, c) -> in.position(from(r, height, in.height()), from(c, width, in.width())));
  }

  /** Of a thinner grid no position that lies beyond the own one, whatever the stride was. */
  private static int from(int to, int size, int old) {
    if (old >= size) {
      return to * (old / size);
    }
    return old == 1 ? 0 : Math.min(old - 1, to / ((size - 1) / (old - 1)));
  }
}
