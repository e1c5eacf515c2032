package io.weft.internal.tensorflow;

import java.lang.ref.Reference;
import java.util.function.Function;

/**
 * Keeps what is half built from leaving native memory behind, and TensorFlow's exceptions from
 * getting out.
 */
final class CloseOnFailure {

  private CloseOnFailure() {}

  /** Returns what {@code build} makes of {@code owned}, which is closed if it throws. */
  static <A extends AutoCloseable, R> R of(A owned, Function<A, R> build) {
    try {
      return TensorFlowNative.call(() -> build.apply(owned));
    } catch (RuntimeException | Error e) {
      try {
        owned.close();
      } catch (Exception second) {
        e.addSuppressed(second);
      }
      throw e;
    } finally {
      Reference.reachabilityFence(owned);
    }
  }
}
