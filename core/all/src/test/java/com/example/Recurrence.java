package com.example;

import io.weft.expression.Expression;
import io.weft.expression.Initializer;
import io.weft.expression.Parameter;
import io.weft.expression.Shape;
import io.weft.expression.Unary;
import io.weft.layer.Inputs;
import io.weft.layer.Layer;
import java.util.ArrayList;
import java.util.List;

/**
 * A user's own recurrence: tanh of the input and of what the layer itself gave at other places.
 *
 * @param maps output maps
 * @param places where it reads itself
 */
public record Recurrence(int maps, List<Place> places) implements Layer {

  /** A distance from the own position. */
  public record Place(int row, int column) {}

  /** Freezes the list. */
  public Recurrence {
    places = List.copyOf(places);
  }

  /** Returns one that reads itself at the given rows and columns, in pairs. */
  public static Recurrence of(int maps, int... distances) {
    List<Place> places = new ArrayList<>();
    for (int i = 0; i < distances.length; i += 2) {
      places.add(new Place(distances[i], distances[i + 1]));
    }
    return new Recurrence(maps, places);
  }

  @Override
  public Shape shape(Inputs inputs) {
    return inputs.only().withMaps(maps);
  }

  // region compute
  @Override
  public Expression compute(Inputs inputs) {
    Shape own = shape(inputs);
    int in = inputs.only().maps();
    Expression sum =
        inputs
            .read(0)
            .times(Parameter.weight("input", Initializer.glorot(in, maps), in, maps))
            .plus(Expression.vector(Parameter.offset("bias", Initializer.zeros(), maps)));
    for (int i = 0; i < places.size(); i++) {
      Expression there = inputs.own(own, places.get(i).row(), places.get(i).column());
      sum =
          sum.plus(
              there.times(Parameter.weight("own" + i, Initializer.glorot(maps, maps), maps, maps)));
    }
    return sum.map(Unary.TANH);
  }
  // endregion
}
