package io.weft.pyramid;

import io.weft.internal.thread.OneThread;
import io.weft.sample.Pull;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One series after another, each drawn only as far as elements are asked for. */
final class ScaledPull<T> implements Pull<T> {

  /**
   * A series of one model.
   *
   * @param pull what is drawn
   * @param take what becomes of an element: one of this series, or nothing, where it is only kept
   */
  record Stage<S, T>(Pull<S> pull, Function<S, Optional<T>> take) {
    /** Draws some more; returns an element if one is whole. */
    Optional<T> advance() {
      return pull.advance() ? take.apply(pull.next()) : Optional.empty();
    }
  }

  private final Iterator<Stage<?, T>> stages;
  private final OneThread guard = new OneThread("this series");
  private @Nullable Stage<?, T> stage;
  private Optional<T> ready = Optional.empty();
  private boolean closed;

  /** Makes a series of stages, the last of which gives an element. */
  ScaledPull(Iterator<Stage<?, T>> stages) {
    this.stages = stages;
  }

  @Override
  public boolean hasNext() {
    return !closed && (ready.isPresent() || stage != null || stages.hasNext());
  }

  @Override
  public boolean advance() {
    return using(
        () -> {
          checkNext();
          draw();
          return ready.isPresent();
        });
  }

  @Override
  public T next() {
    return using(
        () -> {
          checkNext();
          while (ready.isEmpty()) {
            draw();
          }
          T element = ready.get();
          ready = Optional.empty();
          return element;
        });
  }

  private void checkNext() {
    if (!hasNext()) {
      throw new NoSuchElementException(
          closed ? "this series is closed" : "all images of this series are drawn");
    }
  }

  private void draw() {
    if (ready.isPresent()) {
      return;
    }
    Stage<?, T> current = stage == null ? stages.next() : stage;
    stage = current;
    ready = current.advance();
    if (!current.pull().hasNext()) {
      current.pull().close();
      stage = null;
    }
  }

  /** A series that was cancelled is at an end: its images may be apart from each other. */
  private <R> R using(Supplier<R> step) {
    return guard.use(
        () -> {
          try {
            return step.get();
          } catch (CancellationException e) {
            end();
            throw e;
          }
        });
  }

  @Override
  public void close() {
    guard.afterwards(this::end);
  }

  private void end() {
    closed = true;
    if (stage != null) {
      stage.pull().close();
      stage = null;
    }
  }
}
