package io.weft.pyramid;

import io.weft.internal.thread.SeriesGuard;
import io.weft.sample.Pull;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Function;
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
  private final SeriesGuard guard = new SeriesGuard(this::free);
  private @Nullable Stage<?, T> stage;
  private Optional<T> ready = Optional.empty();

  /** Makes a series of stages, the last of which gives an element. */
  ScaledPull(Iterator<Stage<?, T>> stages) {
    this.stages = stages;
  }

  @Override
  public boolean hasNext() {
    return !guard.isClosed() && (ready.isPresent() || stage != null || stages.hasNext());
  }

  @Override
  public boolean advance() {
    return guard.use(
        this::hasNext,
        () -> {
          draw();
          return ready.isPresent();
        });
  }

  @Override
  public T next() {
    return guard.use(this::hasNext, this::element);
  }

  private T element() {
    while (ready.isEmpty()) {
      draw();
    }
    T element = ready.get();
    ready = Optional.empty();
    return element;
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

  @Override
  public void close() {
    guard.close();
  }

  private void free() {
    if (stage != null) {
      stage.pull().close();
      stage = null;
    }
  }
}
