package io.weft.data;

import io.weft.spec.ConditionValues;
import java.util.Objects;

/** One image and what it is conditioned on, as a stream has them. Immutable. */
public final class Example {

  private final int[] levels;
  private final ConditionValues conditions;

  private Example(int[] levels, ConditionValues conditions) {
    this.levels = levels;
    this.conditions = conditions;
  }

  /**
   * Returns an image without conditions.
   *
   * @param levels [row, column, channel]; copied
   */
  public static Example of(int[] levels) {
    return of(levels, ConditionValues.none());
  }

  /**
   * Returns an image under conditions.
   *
   * @param levels [row, column, channel]; copied
   */
  public static Example of(int[] levels, ConditionValues conditions) {
    return new Example(
        Objects.requireNonNull(levels, "levels").clone(),
        Objects.requireNonNull(conditions, "conditions"));
  }

  /** Returns a copy of the image, [row, column, channel]. */
  public int[] levels() {
    return levels.clone();
  }

  /** Returns what it is conditioned on. */
  public ConditionValues conditions() {
    return conditions;
  }
}
