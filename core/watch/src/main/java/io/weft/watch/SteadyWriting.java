package io.weft.watch;

import io.weft.internal.thread.Aside;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writing that may fail without harm to the training beside it. */
final class SteadyWriting {

  private static final Logger LOG = LoggerFactory.getLogger("io.weft.watch");

  private final Path place;
  private boolean failing;

  /** Prepares writing at {@code place}, which is named in the log. */
  SteadyWriting(Path place) {
    this.place = place;
  }

  /**
   * Writes; of failures in a row the first is logged. An interrupt is for the training, which ends
   * with its files whole.
   */
  void attempt(Aside.FileAction write) {
    try {
      Aside.uninterrupted(write);
    } catch (IOException e) {
      if (!failing) {
        LOG.warn(
            "{} cannot be written ({}); training goes on, and the next write tries again",
            place,
            e.toString());
      }
      failing = true;
      return;
    }
    if (failing) {
      LOG.info("{} can be written again", place);
    }
    failing = false;
  }
}
