package io.weft.pyramid;

import io.weft.train.TrainingEvent;
import java.util.Objects;

/**
 * Something that happened while one of a pyramid's two models was trained.
 *
 * @param size whose model
 * @param event what happened
 */
public record ScaledEvent(Size size, TrainingEvent event) {
  /** Checks that nothing is missing. */
  public ScaledEvent {
    Objects.requireNonNull(size, "size");
    Objects.requireNonNull(event, "event");
  }
}
