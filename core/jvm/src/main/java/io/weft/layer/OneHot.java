package io.weft.layer;

import io.weft.expression.Expression;
import io.weft.expression.Shape;
import io.weft.expression.Unary;

/**
 * A map for each level, 1 where that is the value and 0 elsewhere: an {@link Embedding} that is not
 * learned, and as wide as there are levels. What a convolution reads of it is as wide, so that for
 * more than some hundred levels an embedding is quicker.
 *
 * <p>Input [height, width, channels], each value a level scaled to [-1, 1] ({@code
 * ImageSpec.scaled}); output [height, width, levels x channels], of which map k x channels + c is 1
 * where channel c has level k.
 *
 * @param levels how many levels there are, those of the images, at least 2
 */
public record OneHot(int levels) implements ReadsLevels {

  /**
   * Checks the number.
   *
   * @throws IllegalArgumentException if it is below 2
   */
  public OneHot {
    if (levels < 2) {
      throw new IllegalArgumentException("a one-hot image has at least 2 levels, found " + levels);
    }
  }

  @Override
  public Shape shape(Inputs inputs) {
    Shape in = inputs.only();
    return in.withMaps(Math.multiplyExact(in.maps(), levels));
  }

  /**
   * Of the distance d between a value and a level, in levels, 1.5 - 2 d between 0 and 1: exactly 1
   * up to a quarter of a level, and exactly 0 from three quarters on.
   */
  @Override
  public Expression compute(Inputs inputs) {
    int channels = inputs.only().maps();
    float half = (levels - 1) / 2f;
    float[] numbers = new float[levels * channels];
    for (int k = 0; k < levels; k++) {
      for (int c = 0; c < channels; c++) {
        numbers[k * channels + c] = k - half;
      }
    }
    Expression values = inputs.read(0).repeated(levels);
    Expression away = values.times(values.like(half)).minus(Expression.constants(numbers));
    Expression distance = away.maximum(away.map(Unary.NEGATE));
    return distance
        .like(1.5f)
        .minus(distance.times(distance.like(2)))
        .maximum(distance.like(0))
        .minimum(distance.like(1));
  }

  @Override
  public String summary() {
    return "one-hot of " + levels + " levels";
  }
}
