package io.weft.spark;

import io.weft.complete.KnownPixels;
import java.io.Serializable;

/**
 * Says which pixels of an image to complete are known, on the workers: a pure function. It travels:
 * what it captures must be {@link Serializable}, which is checked when it is given.
 */
@FunctionalInterface
public interface FleetKnown extends Serializable {

  /**
   * Returns what is known.
   *
   * @param image the index of the image
   */
  KnownPixels known(long image);
}
