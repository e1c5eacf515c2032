package io.weft.internal.thread;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Lets threads take turns with something that must be freed in the end. Who waits for its turn can
 * be interrupted; closing does not wait: if somebody is at it, what is to be freed is freed when
 * that turn ends.
 */
public final class Turns implements AutoCloseable {

  private final ReentrantLock turn = new ReentrantLock();
  private final Runnable free;
  private volatile boolean closed;

  /**
   * Makes one that is open.
   *
   * @param free frees what is shared; runs when this is closed, and after turns that were under way
   */
  public Turns(Runnable free) {
    this.free = free;
  }

  /**
   * Waits for a turn and takes it. Whether this is {@linkplain #isClosed closed} the work asks for
   * itself.
   *
   * @throws java.util.concurrent.CancellationException if the thread is interrupted while it waits
   */
  public <T> T take(Supplier<T> work) {
    Interruption.await(turn);
    try {
      return work.get();
    } finally {
      turn.unlock();
      freeIfClosed();
    }
  }

  /** Returns whether this is closed. */
  public boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    closed = true;
    freeIfClosed();
  }

  private void freeIfClosed() {
    // Of turns within a turn the outermost frees.
    if (closed && !turn.isHeldByCurrentThread() && turn.tryLock()) {
      try {
        free.run();
      } finally {
        turn.unlock();
      }
    }
  }
}
