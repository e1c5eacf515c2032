package io.weft.internal.step;

/**
 * What two threads do that draw a few images together.
 *
 * @param program what they run
 * @param calls its large calls in halves
 * @param kernels what they multiply by, and may know halves of matrices
 * @param largeProduct from how many weights on they share a product of one position
 */
record TwoThreads(StepProgram program, HalvedCalls calls, Kernels kernels, int largeProduct) {

  /**
   * From so many multiply-adds of an image on, which take some microseconds, a call is worth being
   * shared.
   */
  private static final int LARGE_CALL = 200_000;

  /** From so many weights on it takes longer to read them than to meet the other thread. */
  private static final int LARGE_PRODUCT = 1 << 16;

  /** Enough positions in a call that weights are used several times, few enough to be early. */
  private static final int PIXELS = 8;

  /**
   * Returns what pays.
   *
   * @param alone the program for one thread
   * @param kernels what they multiply by
   */
  static TwoThreads of(StepProgram alone, Kernels kernels) {
    HalvedCalls ofAlone = largeInHalves(alone);
    if (ofAlone.isEmpty()) {
      return new TwoThreads(alone, ofAlone, kernels, LARGE_PRODUCT);
    }
    StepProgram program = alone.forTwoThreads(PIXELS);
    return new TwoThreads(program, largeInHalves(program), kernels, LARGE_PRODUCT);
  }

  private static HalvedCalls largeInHalves(StepProgram program) {
    long[] weights = program.groups().stream().mapToLong(GroupProgram::weights).toArray();
    CallTable calls = program.calls();
    return HalvedCalls.of(
        program, call -> weights[calls.group(call)] * calls.size(call) >= LARGE_CALL);
  }

  /** Returns whether the second one may be needed at any step. */
  boolean isAlwaysNeeded() {
    return program.aside().count() > 0
        || program.groups().stream()
            .flatMap(GroupProgram::computed)
            .filter(Instruction.Product.class::isInstance)
            .map(Instruction.Product.class::cast)
            .anyMatch(this::isShared);
  }

  private boolean isShared(Instruction.Product product) {
    return SharedProduct.isLarge(product.rows().size(), product.width(), largeProduct)
        && kernels.knowsHalves(product.width());
  }

  /** Returns whether the second one is never needed. */
  boolean isForOne() {
    return calls.isEmpty() && !isAlwaysNeeded();
  }
}
