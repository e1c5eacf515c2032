package io.weft.train;

/** Hears of each event of a training run, on the thread that trains. */
@FunctionalInterface
public interface TrainingListener {

  /**
   * Called after each event, before the next step; the last is {@link TrainingEvent.Finished}. An
   * exception reaches whoever trains, and so ends the training.
   */
  void on(TrainingEvent event);
}
