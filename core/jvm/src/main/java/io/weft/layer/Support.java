package io.weft.layer;

/** Which part of the kernel's box a causal convolution reads, under raster order. */
public enum Support {
  /** The rows above, and the own row up to the own position: plain PixelCNN. */
  FULL,
  /**
   * Whole rows: type A the rows above, type B also the own row. A type B result at row i has seen
   * all of row i, so it must be shifted down one row before anything of row i may read it.
   */
  VERTICAL,
  /** The own row up to the own position: a kernel of height 1. */
  HORIZONTAL
}
