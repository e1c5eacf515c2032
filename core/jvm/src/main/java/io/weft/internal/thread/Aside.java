package io.weft.internal.thread;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Work that an interrupt must not hit, or cannot stop, done on a daemon thread of Weft's own while
 * the caller waits. What the work throws is thrown to the caller.
 */
public final class Aside {

  private static final String THREAD = "weft-aside-";

  private static final AtomicInteger STARTED = new AtomicInteger();

  private static final Executor THREADS =
      new ThreadPoolExecutor(
          0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), Aside::thread);

  private Aside() {}

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, THREAD + STARTED.incrementAndGet());
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Work with files that gives something.
   *
   * @param <T> what it gives
   */
  @FunctionalInterface
  public interface FileWork<T> {
    /** Works, and returns what that gives. */
    T run() throws IOException;
  }

  /** Work with files that gives nothing. */
  @FunctionalInterface
  public interface FileAction {
    /** Works. */
    void run() throws IOException;

    /** Returns this as work that gives something. */
    private FileWork<Boolean> asWork() {
      return () -> {
        run();
        return true;
      };
    }
  }

  /**
   * Does work that cannot be stopped in the middle. A caller that is interrupted leaves at once;
   * the work then ends by itself, where it {@linkplain Interruption#check looks} or with a result
   * that nobody takes.
   *
   * @param discard frees a result that nobody takes
   * @throws CancellationException if the caller is interrupted, which it stays
   */
  public static <T> T orLeave(Supplier<T> work, Consumer<? super T> discard) {
    Interruption heeded = Interruption.heeded();
    CompletableFuture<T> result = start(() -> heeded.call(work::get));
    try {
      return result.get();
    } catch (InterruptedException e) {
      heeded.leave();
      var unused = result.thenAccept(discard);
      Thread.currentThread().interrupt();
      throw Interruption.cancelled(e);
    } catch (ExecutionException e) {
      throw unchecked(e);
    }
  }

  /** As above, for work that gives nothing. */
  public static void orLeave(Runnable work) {
    orLeave(
        () -> {
          work.run();
          return true;
        },
        done -> {});
  }

  /**
   * Does work with files, which Java would close under an interrupted thread. A caller that is
   * interrupted waits until the work has {@linkplain Interruption#check looked}, and has put
   * everything in order.
   *
   * @throws CancellationException if the caller is interrupted before the work is past stopping; it
   *     stays interrupted in any case
   */
  public static <T> T inOrder(FileWork<T> work) throws IOException {
    Interruption.check();
    Interruption heeded = Interruption.heeded();
    return toItsEnd(start(() -> heeded.call(work::run)), heeded::leave);
  }

  /** As above, for work that gives nothing. */
  public static void inOrder(FileAction work) throws IOException {
    inOrder(work.asWork());
  }

  /** Does work with files that goes on to its end though the caller is interrupted. */
  public static void uninterrupted(FileAction work) throws IOException {
    toItsEnd(start(work.asWork()::run), () -> {});
  }

  /** Does work that goes on to its end though the caller is interrupted, which it stays. */
  public static <T> T toItsEnd(Supplier<T> work) {
    try {
      return toItsEnd(start(work::get), () -> {});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static <T> CompletableFuture<T> start(Callable<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    THREADS.execute(
        () -> {
          try {
            result.complete(work.call());
          } catch (Throwable e) {
            // Whatever it is, it is the caller's.
            result.completeExceptionally(e);
          }
        });
    return result;
  }

  private static <T> T toItsEnd(CompletableFuture<T> result, Runnable interrupted)
      throws IOException {
    boolean again = false;
    try {
      while (true) {
        try {
          return result.get();
        } catch (InterruptedException e) {
          again = true;
          interrupted.run();
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failed) {
        throw failed;
      }
      throw unchecked(e);
    } finally {
      if (again) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Returns, or throws, what work threw that has no checked exceptions. */
  private static RuntimeException unchecked(ExecutionException failed) {
    if (failed.getCause() instanceof Error error) {
      throw error;
    }
    return failed.getCause() instanceof RuntimeException cause
        ? cause
        : new IllegalStateException(failed.getCause());
  }
}
