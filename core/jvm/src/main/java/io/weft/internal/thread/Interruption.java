package io.weft.internal.thread;

import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * The interruption of a thread, as work that takes long heeds it: {@link #check} between its
 * pieces. Where other threads do a part of the work, they heed the interruption of the one that
 * asked for it. What this promises to callers is said in {@link io.weft}.
 */
public final class Interruption {

  private static final ThreadLocal<@Nullable Interruption> HEEDED = new ThreadLocal<>();

  private final Thread caller;
  private volatile boolean left;

  private Interruption(Thread caller) {
    this.caller = caller;
  }

  /**
   * Checks that the thread that asked for the present work still wants it. Costs some nanoseconds.
   *
   * @throws CancellationException if it is interrupted, which it stays
   */
  public static void check() {
    if (isDue()) {
      throw cancelled(null);
    }
  }

  /** Returns whether nobody wants the present work any more: whether {@link #check} throws. */
  public static boolean isDue() {
    Interruption heeded = HEEDED.get();
    return heeded == null ? Thread.currentThread().isInterrupted() : heeded.isCancelled();
  }

  /** Returns the exception that an interrupt ends work with. */
  public static CancellationException cancelled(@Nullable InterruptedException cause) {
    var cancelled =
        new CancellationException(
            "this thread was interrupted, which cancels what it asked for; all else is as it was,"
                + " and can be used again once Thread.interrupted() has cleared the status");
    cancelled.initCause(cause);
    return cancelled;
  }

  /**
   * Waits for a lock.
   *
   * @throws CancellationException if the thread is interrupted meanwhile, which it stays
   */
  public static void await(Lock lock) {
    try {
      lock.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw cancelled(e);
    }
  }

  /** Returns what the present work heeds, for other threads that do a part of it. */
  static Interruption heeded() {
    Interruption heeded = HEEDED.get();
    return heeded == null ? new Interruption(Thread.currentThread()) : heeded;
  }

  /** Does a part of the work on the current thread, which heeds this interruption alone. */
  void heed(Runnable part) {
    call(
        () -> {
          part.run();
          return true;
        });
  }

  /** A part of some work, which gives something, or throws. */
  @FunctionalInterface
  interface Part<T, E extends Exception> {
    T run() throws E;
  }

  /** Does a part of the work as above. */
  <T, E extends Exception> T call(Part<T, E> part) throws E {
    Interruption before = HEEDED.get();
    HEEDED.set(this);
    try {
      return part.run();
    } finally {
      HEEDED.set(before);
    }
  }

  /** Ends the work: nobody waits for it any more, whatever becomes of the caller's status. */
  void leave() {
    left = true;
  }

  /** Returns whether nobody wants the work any more. */
  boolean isCancelled() {
    return left || caller.isInterrupted();
  }
}
