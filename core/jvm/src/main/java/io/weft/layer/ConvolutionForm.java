package io.weft.layer;

/**
 * How a causal convolution is run over whole images. All give the same numbers; where one would
 * not, {@link CausalConvolution#withForm} refuses it.
 */
public enum ConvolutionForm {
  /** The full kernel, zero where masked: what the papers describe. */
  MASKED,
  /** The kernel cropped to what it reads, with one-sided padding: less work. */
  SHIFTED,
  /**
   * Position by position masked by the generation order. What every convolution is run as under
   * another order than raster; under raster it is more work than needed.
   */
  LOCALLY_MASKED
}
