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
  public T next() {
    if (!hasNext()) {
      throw new NoSuchElementException(
          closed ? "this series is closed" : "all images of this series are drawn");
    }
    if (run == null) {
      run = runs.next();
      rank = 0;
      taken = run.images();
    }
    while (taken == run.images()) {
      position = run.advancePixel();
      if (grain.completes(rank++)) {
        taken = 0;
      }
    }
    T element = grain.take(run, taken++, position);
    if (run.isDone() && taken == run.images()) {
      run.close();
      run = null;
    }
    return element;
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
