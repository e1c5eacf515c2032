package io.weft.tensorflow;

import java.util.function.Function;

/** Keeps what is half built from leaving native memory behind. */
final class CloseOnFailure {

  private CloseOnFailure() {}

  /** Returns what {@code build} makes of {@code owned}, which is closed if it throws. */
  static <A extends AutoCloseable, R> R of(A owned, Function<A, R> build) {
    try {
      return build.apply(owned);
    } catch (RuntimeException | Error e) {
      try {
        owned.close();
      } catch (Exception second) {
        e.addSuppressed(second);
      }
      throw e;
    }
  }
}
