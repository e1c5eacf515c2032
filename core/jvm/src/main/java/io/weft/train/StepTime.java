package io.weft.train;

import java.time.Duration;
import java.util.Objects;

/**
 * Where the time of a training step went, as whoever asked for the step waited for it.
 *
 * @param input waiting for the step's batch; next to nothing where it was ready, prepared while the
 *     step before ran
 * @param run the step itself, in TensorFlow
 * @param rest all else that the library does
 */
public record StepTime(Duration input, Duration run, Duration rest) {

  /** Checks that all are there. */
  public StepTime {
    Objects.requireNonNull(input, "input");
    Objects.requireNonNull(run, "run");
    Objects.requireNonNull(rest, "rest");
  }

  /** Returns the whole. */
  public Duration total() {
    return input.plus(run).plus(rest);
  }
}
