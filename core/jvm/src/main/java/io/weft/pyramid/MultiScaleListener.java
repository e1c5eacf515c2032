package io.weft.pyramid;

/** Hears of each event while a pyramid is trained, on the thread that trains. */
@FunctionalInterface
public interface MultiScaleListener {

  /**
   * Called after each event, before the next step. An exception reaches whoever trains, and so ends
   * the training.
   */
  void on(ScaledEvent event);
}
