package io.weft.internal.step;

/** The kinds of loops in which TensorFlow can run a step program. */
public enum TensorFlowLoops {
  /** TensorFlow's own loops: every operation is started by itself. */
  PLAIN,

  /**
   * Loops that XLA compiles to machine code as a whole: some seconds once for each batch, and then
   * a multiple of the speed.
   */
  XLA
}
