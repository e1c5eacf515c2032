package io.weft.layer;

import io.weft.expression.Expression;
import io.weft.expression.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Where a position lies, as PixelSNAIL tells its attention (Chen et al. 2017, the authors' code): a
 * map of (row - height / 2) / height and one of (column - width / 2) / width, which go from -1/2 to
 * just below 1/2. The input is {@link Ones} of the grid.
 */
public record Background() implements Layer {

  @Override
  public Shape shape(Inputs inputs) {
    return inputs.only().withMaps(2);
  }

  @Override
  public Expression compute(Inputs inputs) {
    Shape grid = inputs.only();
    return Expression.concat(
        List.of(
            share(inputs, Place.Axis.ROW, grid.height()),
            share(inputs, Place.Axis.COLUMN, grid.width())));
  }

  /** The number by its binary digits: few reads, however many numbers there are. */
  private static Expression share(Inputs inputs, Place.Axis axis, int size) {
    List<Expression> parts = new ArrayList<>();
    for (int digit = 0; 1 << digit < size; digit++) {
      Expression set =
          inputs
              .read(
                  0,
                  "(own, digit " + digit + " of the " + axis.name().toLowerCase(Locale.ROOT) + ")",
                  new Place(axis, Place.Property.HAS_DIGIT, digit, inputs.only().width()))
              .slice(0, 1);
      parts.add(set.times(Expression.constants((float) (1 << digit) / size)));
    }
    Expression sum = Expression.constants(-0.5f);
    for (Expression part : parts) {
      sum = part.plus(sum);
    }
    return sum;
  }
}
