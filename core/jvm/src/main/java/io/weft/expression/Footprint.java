package io.weft.expression;

import io.weft.internal.Seam;
import io.weft.order.GenerationOrder;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * Says which positions of an input are read for a position of the output: one or none, or all of a
 * set.
 */
public sealed interface Footprint permits PositionMap, Ranks {

  /** Visits the row-major positions that the output at {@code row}, {@code column} reads. */
  void each(int row, int column, IntConsumer visitor);

  /** Returns the generation order that decides the positions; none if they are the same in all. */
  @Seam
  default Optional<GenerationOrder> follows() {
    return Optional.empty();
  }

  /** Returns the same under another generation order: itself if it follows none. */
  @Seam
  default Footprint moved(GenerationOrder other) {
    return this;
  }
}
