package io.weft.layer;

import io.weft.expression.Expression;
import io.weft.expression.Initializer;
import io.weft.expression.Parameter;
import io.weft.expression.Shape;

/**
 * Adds a learned number to each map, the same at every position, which starts at random. So maps
 * differ from one another also where a convolution has nothing to read, as at the first pixel of an
 * order: normalisation over the maps would divide by nothing there.
 *
 * @param deviation the standard deviation of the start, above 0
 */
public record Bias(double deviation) implements Layer {

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException if the deviation is not above 0
   */
  public Bias {
    if (!(deviation > 0 && Double.isFinite(deviation))) {
      throw new IllegalArgumentException(
          "an offset starts with a standard deviation above 0, found " + deviation);
    }
  }

  @Override
  public Shape shape(Inputs inputs) {
    return inputs.only();
  }

  @Override
  public Expression compute(Inputs inputs) {
    int maps = inputs.only().maps();
    return inputs
        .read(0)
        .plus(
            Expression.vector(Parameter.offset("offset", new Initializer.Normal(deviation), maps)));
  }
}
