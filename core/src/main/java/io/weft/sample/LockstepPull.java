package io.weft.sample;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Elements of one run after another, each run drawn only as far as elements are asked for. */
final class LockstepPull<T> implements Pull<T> {

  private final Iterator<SamplingRun> runs;
  private final Grain<T> grain;
  private @Nullable SamplingRun run;
  private int rank;
  private int position;
  private int taken;
  private boolean closed;

  LockstepPull(Iterator<SamplingRun> runs, Grain<T> grain) {
    this.runs = runs;
    this.grain = grain;
  }

  @Override
  public boolean hasNext() {
    return !closed && (run != null || runs.hasNext());
  }

  @Override
  public boolean advance() {
    SamplingRun current = current();
    if (taken == current.images()) {
      position = current.advancePixel();
      if (grain.completes(rank++)) {
        taken = 0;
      }
    }
    return taken < current.images();
  }

  @Override
  public T next() {
    SamplingRun current = current();
    while (!advance()) {
      // One pixel after the other, up to the one that completes an element.
    }
    T element = grain.take(current, taken++, position);
    if (current.isDone() && taken == current.images()) {
      current.close();
      run = null;
    }
    return element;
  }

  private SamplingRun current() {
    if (!hasNext()) {
      throw new NoSuchElementException(
          closed ? "this series is closed" : "all images of this series are drawn");
    }
    SamplingRun current = run;
    if (current == null) {
      current = runs.next();
      run = current;
      rank = 0;
      taken = current.images();
    }
    return current;
  }

  @Override
  public void close() {
    closed = true;
    if (run != null) {
      run.close();
      run = null;
    }
  }
}
