package io.weft.internal.thread;

import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Guards a series of images that is pulled: one thread at a time, until it is drawn, closed or
 * cancelled. What was cancelled is at an end, for its images may be apart from each other.
 */
public final class SeriesGuard {

  private final OneThread thread = new OneThread("this series");
  private final Runnable free;
  private boolean closed;

  /**
   * Makes one for an open series.
   *
   * @param free lets go of what the series holds; does nothing where it holds nothing
   */
  public SeriesGuard(Runnable free) {
    this.free = free;
  }

  /** Returns whether the series was closed or cancelled. */
  public boolean isClosed() {
    return closed;
  }

  /**
   * Takes a step.
   *
   * @param hasNext whether there is another element
   * @throws NoSuchElementException if there is none
   * @throws IllegalStateException if another thread is at it
   * @throws CancellationException if the thread is interrupted; the series has then ended
   */
  public <R> R use(BooleanSupplier hasNext, Supplier<R> step) {
    return thread.use(
        () -> {
          if (!hasNext.getAsBoolean()) {
            throw new NoSuchElementException(
                closed ? "this series is closed" : "all images of this series are drawn");
          }
          try {
            return step.get();
          } catch (CancellationException e) {
            end();
            throw e;
          }
        });
  }

  /** Closes the series, when the step that another thread takes is done. */
  public void close() {
    thread.afterwards(this::end);
  }

  private void end() {
    closed = true;
    free.run();
  }
}
