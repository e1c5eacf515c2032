package io.weft.internal.thread;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Keeps an object for one thread at a time: a second one that comes while the first is still there
 * is refused, before anything goes wrong. Costs some nanoseconds.
 */
public final class OneThread {

  private final String what;
  private final ReentrantLock used = new ReentrantLock();

  /**
   * Makes a guard.
   *
   * @param what the object's name in the message, as in "this series"
   */
  public OneThread(String what) {
    this.what = what;
  }

  /**
   * Does something with the object.
   *
   * @throws IllegalStateException if another thread is doing something with it
   */
  public <T> T use(Supplier<T> work) {
    if (!used.tryLock()) {
      throw new IllegalStateException(
          what
              + " is for one thread at a time, and another thread is using it now; give each thread"
              + " one of its own, or let them take turns");
    }
    try {
      return work.get();
    } finally {
      used.unlock();
    }
  }

  /** Does something with the object, as above. */
  public void use(Runnable work) {
    use(
        () -> {
          work.run();
          return true;
        });
  }

  /** Waits until nobody is using the object any more, and does something with it: closes it. */
  public void afterwards(Runnable work) {
    used.lock();
    try {
      work.run();
    } finally {
      used.unlock();
    }
  }
}
