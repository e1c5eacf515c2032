package io.weft.layer;

import io.weft.expression.Expression;
import io.weft.expression.Initializer;
import io.weft.expression.Parameter;
import io.weft.expression.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * A learned vector for each row plus one for each column, as sparse transformers embed positions of
 * images (Child et al. 2019, section 5.2). The input is {@link Ones} of the grid.
 *
 * @param maps output maps, at least 1
 * @param deviation the standard deviation of the start, above 0
 */
public record PositionEmbedding(int maps, double deviation) implements Layer {

  /** Checks the sizes. */
  public PositionEmbedding {
    if (maps < 1 || !(deviation > 0 && Double.isFinite(deviation))) {
      throw new IllegalArgumentException(
          "an embedding has at least 1 map and starts with a standard deviation above 0, found "
              + maps
              + " and "
              + deviation);
    }
  }

  /** Returns the embedding that starts with a standard deviation of 0.1. */
  public static PositionEmbedding of(int maps) {
    return new PositionEmbedding(maps, 0.1);
  }

  @Override
  public Shape shape(Inputs inputs) {
    return inputs.only().withMaps(maps);
  }

  @Override
  public Expression compute(Inputs inputs) {
    Shape grid = inputs.only();
    List<Expression> places = new ArrayList<>();
    for (int row = 0; row < grid.height(); row++) {
      places.add(at(inputs, Place.Axis.ROW, row));
    }
    for (int column = 0; column < grid.width(); column++) {
      places.add(at(inputs, Place.Axis.COLUMN, column));
    }
    Parameter vectors =
        Parameter.weight("vectors", new Initializer.Normal(deviation), places.size(), maps);
    return Expression.concat(places).times(vectors);
  }

  private static Expression at(Inputs inputs, Place.Axis axis, int number) {
    String label = axis == Place.Axis.ROW ? "(own, row " : "(own, column ";
    return inputs
        .read(
            0,
            label + number + ")",
            new Place(axis, Place.Property.IS, number, inputs.only().width()))
        .slice(0, 1);
  }
}
