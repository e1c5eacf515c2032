package io.weft.internal.thread;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Work in parts, done by the calling thread together with those of the common pool, or of another,
 * that have nothing else to do. Unlike a parallel stream it heeds an interrupt of the caller while
 * that waits, and throws what a part has thrown itself.
 */
public final class Together {

  private final int count;
  private final IntConsumer part;
  private final Executor others;
  private final int helpers;
  private final Interruption heeded = Interruption.heeded();
  private final AtomicInteger next = new AtomicInteger();
  private final CountDownLatch left;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  private Together(int count, IntConsumer part, Executor others, int helpers) {
    this.count = count;
    this.part = part;
    this.others = others;
    this.helpers = Math.min(count - 1, helpers);
    left = new CountDownLatch(count);
  }

  /**
   * Does the parts 0 to {@code count} - 1, each once. When this returns or throws, none is under
   * way; once a part has thrown, no other begins.
   *
   * @throws CancellationException if the caller is interrupted, which it stays
   */
  public static void forEach(int count, IntConsumer part) {
    forEach(count, part, ForkJoinPool.commonPool(), helpers());
  }

  /** Returns how many threads of the common pool may help one that computes; 0 if none may. */
  public static int helpers() {
    return Math.min(ForkJoinPool.commonPool().getParallelism(), ThreadLimit.all() - 1);
  }

  /**
   * Does the parts as above, together with threads of another pool.
   *
   * @param helpers how many of those, at most
   */
  public static void forEach(int count, IntConsumer part, Executor others, int helpers) {
    if (count == 1) {
      part.accept(0);
      return;
    }
    new Together(count, part, others, helpers).run();
  }

  private void run() {
    for (int i = 0; i < helpers; i++) {
      others.execute(this::work);
    }
    work();
    boolean interrupted = awaitOthers();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    Throwable thrown = failure.get();
    if (thrown instanceof Error error) {
      throw error;
    }
    if (thrown instanceof RuntimeException exception) {
      throw exception;
    }
    if (heeded.isCancelled()) {
      throw Interruption.cancelled(null);
    }
  }

  private void work() {
    heeded.heed(
        () -> {
          for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
            one(i);
          }
        });
  }

  private void one(int i) {
    try {
      if (failure.get() == null && !heeded.isCancelled()) {
        part.accept(i);
      }
    } catch (RuntimeException | Error e) {
      failure.compareAndSet(null, e);
    } finally {
      left.countDown();
    }
  }

  /** Waits, also when interrupted: the others then stop soon. */
  private boolean awaitOthers() {
    boolean interrupted = false;
    while (true) {
      try {
        left.await();
        return interrupted;
      } catch (InterruptedException e) {
        interrupted = true;
        heeded.leave();
      }
    }
  }
}
