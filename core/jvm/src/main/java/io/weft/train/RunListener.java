package io.weft.train;

/**
 * Hears of each event of a training run, as {@link TrainingListener}, and may take a hand in it.
 */
@FunctionalInterface
public interface RunListener {

  /**
   * Called after each event, before the next step, on the thread that trains. An exception reaches
   * whoever trains, and so ends the training.
   *
   * @param run the run, for as long as this call lasts
   */
  void on(TrainingEvent event, RunControl run);

  /** Returns a listener that leaves the run alone. */
  static RunListener of(TrainingListener listener) {
    return new Listening(listener);
  }
}
