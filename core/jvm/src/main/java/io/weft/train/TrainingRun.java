package io.weft.train;

/**
 * Training that is pulled, of one model or of several: each call of {@link #next} takes one step,
 * or validates, or ends, and says which. Nothing is computed between calls, so whoever pulls can
 * watch, pause and cancel. Closing it at any moment leaves the models with what was reached. For
 * one thread at a time.
 *
 * @param <E> what is said of each
 */
public interface TrainingRun<E> extends AutoCloseable {

  /** Returns whether there is another event. */
  boolean hasNext();

  /**
   * Takes a step, or validates, or ends, and says which.
   *
   * @throws TrainingException if a value is not finite; this has then ended
   * @throws IllegalStateException if a model was closed; this has then ended
   * @throws java.util.concurrent.CancellationException if the thread is interrupted; this has then
   *     ended
   * @throws java.util.NoSuchElementException if this has ended or is closed
   */
  E next();

  /**
   * Ends the training, when the call that another thread has in hand is done; the models keep what
   * was reached. Closing again does nothing.
   */
  @Override
  void close();
}
