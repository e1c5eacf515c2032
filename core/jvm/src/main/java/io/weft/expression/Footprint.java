package io.weft.expression;

import java.util.function.IntConsumer;

/**
 * Says which positions of an input are read for a position of the output: one or none, or all of a
 * set.
 */
public sealed interface Footprint permits PositionMap, Ranks {

  /** Visits the row-major positions that the output at {@code row}, {@code column} reads. */
  void each(int row, int column, IntConsumer visitor);
}
