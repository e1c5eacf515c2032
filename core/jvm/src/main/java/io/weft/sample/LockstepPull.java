package io.weft.sample;

import io.weft.internal.thread.SeriesGuard;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** Elements of one run after another, each run drawn only as far as elements are asked for. */
final class LockstepPull<T> implements Pull<T> {

  /** A run in work. */
  private static final class Work<T> {
    final Lockstep run;
    final Grain.Elements<T> elements;
    int remaining;
    int rank = -1;
    int position;

    /** The image of the run whose element is next, or the number of images: draw a pixel first. */
    int image;

    Work(Lockstep run, Grain<T> grain) {
      this.run = run;
      this.elements = grain.of(run);
      this.remaining = elements.count();
      this.image = run.images();
    }

    boolean isReady() {
      return image < run.images();
    }

    void draw() {
      position = run.advancePixel();
      rank++;
      image = 0;
      pass();
    }

    T take() {
      T element = elements.take(image++, position);
      remaining--;
      pass();
      return element;
    }

    /** Passes over the images for which the last pixel completes nothing. */
    private void pass() {
      while (isReady() && !elements.completes(image, rank)) {
        image++;
      }
    }
  }

  private final Iterator<? extends Lockstep> runs;
  private final Grain<T> grain;
  private final SeriesGuard guard = new SeriesGuard(this::free);
  private @Nullable Work<T> work;

  LockstepPull(Iterator<? extends Lockstep> runs, Grain<T> grain) {
    this.runs = runs;
    this.grain = grain;
  }

  @Override
  public boolean hasNext() {
    return !guard.isClosed() && (work != null || runs.hasNext());
  }

  @Override
  public boolean advance() {
    return guard.use(this::hasNext, () -> draw(current()));
  }

  private boolean draw(Work<T> current) {
    if (!current.isReady()) {
      current.draw();
    }
    return current.isReady();
  }

  @Override
  public T next() {
    return guard.use(this::hasNext, this::element);
  }

  private T element() {
    Work<T> current = current();
    while (!draw(current)) {
      // One pixel after the other, up to the one that completes an element.
    }
    T element = current.take();
    if (current.remaining == 0) {
      current.run.close();
      work = null;
    }
    return element;
  }

  private Work<T> current() {
    if (work == null) {
      work = new Work<>(runs.next(), grain);
    }
    return work;
  }

  @Override
  public void close() {
    guard.close();
  }

  private void free() {
    if (work != null) {
      work.run.close();
      work = null;
    }
  }
}
