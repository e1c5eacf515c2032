package io.weft.train;

import java.util.Locale;
import java.util.Objects;
import org.slf4j.Logger;

/**
 * Writes training progress to a log: each validation and the end at level INFO, every so many steps
 * too.
 */
public final class LoggingListener implements TrainingListener {

  private final Logger logger;
  private final long every;

  /**
   * Makes a listener.
   *
   * @param logger where to
   * @param every log one of so many steps, at least 1
   * @throws IllegalArgumentException if {@code every} is below 1
   */
  public LoggingListener(Logger logger, long every) {
    this.logger = Objects.requireNonNull(logger, "logger");
    if (every < 1) {
      throw new IllegalArgumentException("log one of at least 1 step, found " + every);
    }
    this.every = every;
  }

  @Override
  public void on(TrainingEvent event) {
    if (event instanceof TrainingEvent.Stepped stepped) {
      if (stepped.step() % every == 0) {
        logger.info(
            "step {} of {}, epoch {}: {} bits per dimension",
            stepped.step(),
            stepped.lastStep(),
            stepped.epoch(),
            rounded(stepped.bitsPerDimension()));
      }
    } else if (event instanceof TrainingEvent.Validated validated) {
      logger.info(
          "step {}: validation {} bits per dimension{}, training {}",
          validated.step(),
          rounded(validated.validationBits()),
          validated.best() ? " (best)" : "",
          rounded(validated.trainingBits()));
    } else if (event instanceof TrainingEvent.Finished finished) {
      logger.info("training ended after step {}: {}", finished.step(), finished.reason());
    }
  }

  private static String rounded(double bits) {
    return String.format(Locale.ROOT, "%.4f", bits);
  }
}
