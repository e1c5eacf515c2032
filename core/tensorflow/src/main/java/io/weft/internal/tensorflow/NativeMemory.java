package io.weft.internal.tensorflow;

import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Native memory of an owner: freed once, when the owner closes it, or else some time after the last
 * reference to the owner is gone. Then the log says where the owner was made, for memory that waits
 * for Java's garbage collection may be gone long before Java feels any need to collect.
 */
final class NativeMemory implements AutoCloseable {

  private static final Cleaner CLEANER = Cleaner.create();

  private final AtomicBoolean closed;
  private final Cleaner.Cleanable freeing;

  private NativeMemory(AtomicBoolean closed, Cleaner.Cleanable freeing) {
    this.closed = closed;
    this.freeing = freeing;
  }

  /**
   * Takes charge of memory.
   *
   * @param free frees it; must not reach {@code owner}, which would never be let go of then
   */
  static NativeMemory of(Object owner, Origin origin, Runnable free) {
    AtomicBoolean closed = new AtomicBoolean();
    return new NativeMemory(
        closed,
        CLEANER.register(
            owner,
            () -> {
              free.run();
              if (!closed.get()) {
                origin.warnOfUnclosed();
              }
            }));
  }

  @Override
  public void close() {
    closed.set(true);
    freeing.clean();
  }
}
