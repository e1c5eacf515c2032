package io.weft.testing;

import io.weft.expression.Expression;
import io.weft.expression.Shape;
import io.weft.layer.Inputs;
import io.weft.layer.KernelPlace;
import io.weft.layer.Layer;
import java.util.List;

/**
 * A recurrence in which nothing is multiplied by what may be 0: the input plus half of what the
 * layer itself gave elsewhere, map by map. What it may depend on, it does.
 */
public record Echo(List<KernelPlace> places) implements Layer {

  /** Returns one that reads itself on the left, above, or both; by number, from 0 to 2. */
  public static Echo of(int kind) {
    KernelPlace left = new KernelPlace(0, -1);
    KernelPlace above = new KernelPlace(-1, 0);
    KernelPlace right = new KernelPlace(-1, 1);
    return new Echo(List.of(List.of(left), List.of(left, above), List.of(above, right)).get(kind));
  }

  /** Returns one from right to left. */
  public static Echo rightToLeft() {
    return new Echo(List.of(new KernelPlace(0, 1), new KernelPlace(-1, 0)));
  }

  @Override
  public Shape shape(Inputs inputs) {
    return inputs.only();
  }

  @Override
  public Expression compute(Inputs inputs) {
    Expression sum = inputs.read(0);
    for (KernelPlace place : places) {
      Expression there = inputs.own(inputs.only(), place.row(), place.column());
      sum = sum.plus(there.times(there.like(0.5f)));
    }
    return sum;
  }
}
