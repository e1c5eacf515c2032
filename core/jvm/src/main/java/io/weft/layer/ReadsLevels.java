package io.weft.layer;

/**
 * A layer to which a value is one of so many levels, and no number. A model refuses it on images
 * that have more or fewer, of which it would take several for one.
 */
public interface ReadsLevels extends Layer {

  /** Returns how many levels there are. */
  int levels();
}
