package io.weft.layer;

import io.weft.expression.Expression;
import io.weft.expression.Initializer;
import io.weft.expression.Parameter;
import io.weft.expression.Shape;

/**
 * A learned vector for each level, in place of the number that stands for it: for codes of a vector
 * quantiser, which have no order. It is applied to the image itself, or to a condition that is one,
 * before anything else: the zeros that a shift brings in are a level like any other.
 *
 * <p>Input [height, width, channels], each value a level scaled to [-1, 1] ({@code
 * ImageSpec.scaled}); output [height, width, {@code maps} x channels], of which map m x channels +
 * c belongs to channel c, as in colour groups. The parameter is [levels, maps], of several channels
 * [channels, levels, maps].
 *
 * @param levels how many levels there are, those of the images, at least 2
 * @param maps the width of each vector, at least 1
 * @param deviation the standard deviation of the start, above 0
 */
public record Embedding(int levels, int maps, double deviation) implements ReadsLevels {

  /**
   * Checks the sizes.
   *
   * @throws IllegalArgumentException if one is too small
   */
  public Embedding {
    if (levels < 2 || maps < 1 || !(deviation > 0 && Double.isFinite(deviation))) {
      throw new IllegalArgumentException(
          "an embedding has at least 2 levels and 1 map, and starts with a standard deviation above"
              + " 0; found "
              + levels
              + ", "
              + maps
              + " and "
              + deviation);
    }
  }

  /** Returns the embedding that starts with a standard deviation of 1, as the levels of images. */
  public static Embedding of(int levels, int maps) {
    return new Embedding(levels, maps, 1);
  }

  @Override
  public Shape shape(Inputs inputs) {
    Shape in = inputs.only();
    return in.withMaps(Math.multiplyExact(in.maps(), maps));
  }

  @Override
  public Expression compute(Inputs inputs) {
    int channels = inputs.only().maps();
    Initializer start = new Initializer.Normal(deviation);
    return inputs
        .read(0)
        .in(
            channels == 1
                ? Parameter.weight("vectors", start, levels, maps)
                : Parameter.weight("vectors", start, channels, levels, maps));
  }

  @Override
  public String summary() {
    return "embedding of " + levels + " levels";
  }
}
