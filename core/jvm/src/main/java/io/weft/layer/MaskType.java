package io.weft.layer;

/** Whether a causal convolution may read its own position (PixelCNN, section 3.4). */
public enum MaskType {
  /** Strictly earlier only: for the first layer, which reads the image. */
  A,
  /** Earlier and the own position: for every later layer. */
  B
}
