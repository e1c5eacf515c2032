package io.weft.spark;

import io.weft.spec.ConditionValues;
import java.io.Serializable;

/**
 * What each image that a fleet draws is conditioned on. It travels to the workers: what it captures
 * must be {@link Serializable}, which is checked when it is given.
 */
@FunctionalInterface
public interface FleetConditions extends Serializable {

  /**
   * Returns the conditions of an image; a pure function.
   *
   * @param image the index, from 0
   */
  ConditionValues conditions(long image);
}
