package io.weft.train;

/** Hears of each event of a training run, on the thread that trains. */
@FunctionalInterface
public interface TrainingListener {

  /** Called after each event; an exception ends the training and reaches its caller. */
  void on(TrainingEvent event);
}
