package io.weft.layer;

/** How a causal convolution is run over whole images. Both give the same numbers. */
public enum ConvolutionForm {
  /** The full kernel, zero where masked: what the papers describe. */
  MASKED,
  /** The kernel cropped to what it reads, with one-sided padding: less work. */
  SHIFTED
}
