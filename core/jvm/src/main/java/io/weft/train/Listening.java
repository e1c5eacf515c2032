package io.weft.train;

import java.util.Objects;

/** Hears of events, and leaves the run alone. */
record Listening(TrainingListener listener) implements RunListener {

  Listening {
    Objects.requireNonNull(listener, "listener");
  }

  @Override
  public void on(TrainingEvent event, RunControl run) {
    listener.on(event);
  }
}
