package io.weft.sample;

/**
 * How much is to be sampled, and in which portions.
 *
 * @param images how many images run in lockstep
 * @param count how many images the series has
 * @param portion what is asked for at a time
 */
record SeriesSize(int images, int count, Portion portion) {

  /** Returns whether a GPU is better than the JVM. */
  boolean suitsGpu() {
    return portion.isAtLeastRows() && images >= SamplingExecutor.GPU_BATCH;
  }

  /**
   * Returns whether XLA's loops on the processor are better than plain ones on the JVM.
   *
   * @param flops the floating point operations of one image
   */
  boolean isWorthCompiling(long flops) {
    return portion.isAtLeastRows()
        && images >= SamplingExecutor.CPU_BATCH
        && (double) count * flops >= SamplingExecutor.WORTH_COMPILING;
  }
}
