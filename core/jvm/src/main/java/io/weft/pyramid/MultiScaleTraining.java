package io.weft.pyramid;

import io.weft.internal.thread.OneThread;
import io.weft.train.Training;
import io.weft.train.TrainingRun;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A training run of both models, the small one first, event by event: as {@link Training} is one of
 * a single model. For one thread at a time. Closing it, and an interrupt, leave both models with
 * what they had reached; {@link MultiScaleModel#resuming} goes on.
 */
public final class MultiScaleTraining implements TrainingRun<ScaledEvent> {

  /** A run that has not begun. */
  record Part(Size size, Supplier<Training> begin) {}

  private final Deque<Part> parts;
  private final OneThread guard = new OneThread("this training");
  private volatile @Nullable Training run;

  MultiScaleTraining(List<Part> parts) {
    this.parts = new ArrayDeque<>(parts);
  }

  @Override
  public boolean hasNext() {
    return !parts.isEmpty();
  }

  /**
   * Takes a step of the model in work, or validates it, or ends its run, and says which.
   *
   * @throws io.weft.train.TrainingException if a value is not finite; this has then ended
   * @throws IllegalStateException if the model was closed; this has then ended
   * @throws java.util.concurrent.CancellationException if the thread is interrupted; this has then
   *     ended
   * @throws NoSuchElementException if the training has ended or is closed
   */
  @Override
  public ScaledEvent next() {
    return guard.use(this::event);
  }

  private ScaledEvent event() {
    Part part = parts.peek();
    if (part == null) {
      throw new NoSuchElementException("this training has ended; start another");
    }
    boolean done = false;
    try {
      Training before = run;
      Training current = before == null ? part.begin().get() : before;
      run = current;
      ScaledEvent event = new ScaledEvent(part.size(), current.next());
      if (!current.hasNext()) {
        run = null;
        parts.remove();
      }
      done = true;
      return event;
    } finally {
      if (!done) {
        end();
      }
    }
  }

  private void end() {
    parts.clear();
    Training current = run;
    if (current != null) {
      current.close();
      run = null;
    }
  }

  @Override
  public void close() {
    Training current = run;
    if (current != null) {
      // Before anybody is waited for, who may be waiting for what calls this.
      current.checkMayClose();
    }
    guard.afterwards(this::end);
  }
}
