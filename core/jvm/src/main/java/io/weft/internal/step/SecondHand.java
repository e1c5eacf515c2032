package io.weft.internal.step;

import io.weft.internal.thread.SecondThread;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A second thread for a session, as often as it is needed and as long as it comes. */
final class SecondHand {

  private @Nullable SecondThread second;

  /** Asks for the thread, unless it is there or on its way. Throws what it has thrown. */
  void ask() {
    if (second != null && second.hasLeft()) {
      second.await();
      second = null;
    }
    if (second == null) {
      second = SecondThread.asked();
    }
  }

  /**
   * Gives the thread a piece of work, if it is there.
   *
   * @return whether it begins with that; if so, {@link #await} comes before the next one
   */
  boolean begins(Runnable piece) {
    return second != null && second.begins(piece);
  }

  /** Waits until it has done its piece. Throws what that has thrown. */
  void await() {
    awaitUnless(() -> false);
  }

  /** Waits until it has done its piece, if it has one, or enough of it; throws as well. */
  void awaitUnless(BooleanSupplier isEnough) {
    if (second != null) {
      second.awaitUnless(isEnough);
    }
  }

  /** Lets the thread go. When this returns it does nothing. */
  void dismiss() {
    if (second != null) {
      second.dismiss();
      second = null;
    }
  }
}
