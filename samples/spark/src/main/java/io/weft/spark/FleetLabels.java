package io.weft.spark;

import java.io.Serializable;

/**
 * The class of each image that a fleet draws. It travels to the workers: what it captures must be
 * {@link Serializable}, which is checked when it is given.
 */
@FunctionalInterface
public interface FleetLabels extends Serializable {

  /**
   * Returns the class of an image; a pure function.
   *
   * @param image the index, from 0
   * @return the class, from 0
   */
  int label(long image);
}
