package io.weft.train;

import io.weft.internal.Seam;
import io.weft.internal.thread.Interruption;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;

/**
 * Makes numbered things in order on a daemon thread of its own, one ahead: while the caller works
 * with one, the next is made.
 *
 * <p>Not for use by several threads at once.
 *
 * @param <T> what is made
 */
@Seam
public final class Prefetch<T> implements AutoCloseable {

  /** The name of the thread. */
  static final String THREAD = "weft-batches";

  private final LongFunction<T> make;
  private final long end;
  private final ThreadPoolExecutor executor;
  private Optional<Ahead<T>> ahead = Optional.empty();
  private volatile Optional<Thread> maker = Optional.empty();

  private record Ahead<T>(long number, CompletableFuture<T> made) {}

  /**
   * Makes nothing yet.
   *
   * @param make what makes the thing of a number
   * @param end the number that is no longer made ahead
   */
  public Prefetch(LongFunction<T> make, long end) {
    this.make = make;
    this.end = end;
    executor =
        new ThreadPoolExecutor(
            1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), this::thread);
    // Of a run that is forgotten, or paused, no thread remains.
    executor.allowCoreThreadTimeOut(true);
  }

  private Thread thread(Runnable work) {
    Thread thread = new Thread(work, THREAD);
    thread.setDaemon(true);
    maker = Optional.of(thread);
    return thread;
  }

  /**
   * Returns the thing of {@code number}, and has the next one made. What making it threw is thrown
   * here; asked for again, it is made again.
   *
   * @throws CancellationException if the thread is interrupted; the thing stays ahead
   */
  public T take(long number) {
    CompletableFuture<T> made =
        ahead.filter(a -> a.number() == number).map(Ahead::made).orElseGet(() -> start(number));
    ahead = Optional.of(new Ahead<>(number, made));
    T taken = join(made);
    ahead = Optional.empty();
    if (number + 1 < end) {
      ahead = Optional.of(new Ahead<>(number + 1, start(number + 1)));
    }
    return taken;
  }

  private CompletableFuture<T> start(long number) {
    discardAhead();
    return CompletableFuture.supplyAsync(() -> make.apply(number), executor);
  }

  private T join(CompletableFuture<T> made) {
    try {
      return made.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Interruption.cancelled(e);
    } catch (ExecutionException e) {
      ahead = Optional.empty();
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /** Waits for what is being made, which cannot be stopped half way. */
  private void discardAhead() {
    ahead.ifPresent(a -> a.made().handle((thing, failure) -> true).join());
    ahead = Optional.empty();
  }

  /**
   * Checks that this is not what is being made, which would wait for itself.
   *
   * @throws IllegalStateException if it is
   */
  public void checkMayClose() {
    if (maker.filter(thread -> thread == Thread.currentThread()).isPresent()) {
      throw new IllegalStateException(
          "conditions of examples that are being prepared for a training may not close it");
    }
  }

  /**
   * Forgets what was made ahead and ends the thread.
   *
   * @throws IllegalStateException if called by what is being made, which would wait for itself
   */
  @Override
  public void close() {
    checkMayClose();
    discardAhead();
    executor.shutdown();
  }
}
