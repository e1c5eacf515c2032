package io.weft.layer;

import io.weft.expression.Expression;
import io.weft.expression.Shape;

/**
 * A run of the input's maps; a split is several of them.
 *
 * @param from the first map, from 0
 * @param maps how many
 */
public record Slice(int from, int maps) implements Layer {

  /**
   * Checks the run.
   *
   * @throws IllegalArgumentException if it is empty or starts below 0
   */
  public Slice {
    if (from < 0 || maps < 1) {
      throw new IllegalArgumentException(
          "a slice starts at 0 or later and has at least one map, found " + maps + " from " + from);
    }
  }

  @Override
  public Shape shape(Inputs inputs) {
    Shape in = inputs.only();
    if (from > in.maps() - maps) {
      throw new IllegalArgumentException(
          "takes " + maps + " maps from map " + from + " on, but the input has " + in.maps());
    }
    return in.withMaps(maps);
  }

  @Override
  public Expression compute(Inputs inputs) {
    inputs.exactly(1);
    return inputs.read(0).slice(from, maps);
  }

  @Override
  public String summary() {
    return "maps " + from + " to " + (from + maps - 1);
  }
}
