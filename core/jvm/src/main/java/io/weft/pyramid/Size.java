package io.weft.pyramid;

/** Which image of a pyramid. */
public enum Size {
  /** The subsampled image, which is drawn first. */
  SMALL,

  /** The whole image. */
  LARGE
}
