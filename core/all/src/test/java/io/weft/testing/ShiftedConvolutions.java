package io.weft.testing;

import io.weft.expression.Shape;
import io.weft.layer.Inputs;
import io.weft.layer.ShiftedConvolution;
import java.util.List;

/** Shifted convolutions of every kind, small. */
public final class ShiftedConvolutions {

  private ShiftedConvolutions() {}

  public static List<ShiftedConvolution> all() {
    return List.of(
        ShiftedConvolution.down(3, 2, 3),
        ShiftedConvolution.downRight(2, 2, 2),
        ShiftedConvolution.down(2, 1, 1),
        ShiftedConvolution.down(2, 2, 3).withStride(2),
        ShiftedConvolution.downRight(3, 2, 2).withStride(2),
        ShiftedConvolution.down(1, 1, 5).withStride(2),
        ShiftedConvolution.downRight(2, 3, 1).withStride(3),
        ShiftedConvolution.downRight(2, 1, 2).withStride(2).withDeviation(0.1));
  }

  /** The shape to come back from to {@code fine}. */
  public static Shape strided(ShiftedConvolution layer, Shape fine) {
    return layer.shape(Inputs.of(fine));
  }
}
