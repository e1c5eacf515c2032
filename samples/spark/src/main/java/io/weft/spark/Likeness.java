package io.weft.spark;

import io.weft.Model;
import io.weft.advice.Advice;
import io.weft.define.Definition;
import io.weft.train.NumericFingerprint;
import io.weft.weight.Weights;
import java.util.Optional;
import org.apache.spark.SparkEnv;

/**
 * Whether a worker computes the driver's numbers. One that does not is refused before its first
 * result counts.
 */
final class Likeness {

  /** The weights of who trains: those that a seed gives, the same everywhere. */
  private static final long SEED = 1;

  private Likeness() {}

  /** Returns what tells a process that computes other gradients with a definition. */
  static NumericFingerprint ofGradients(Definition definition) {
    return NumericFingerprint.of(definition, Weights.initial(definition, SEED));
  }

  /**
   * Returns what tells a process where a model scores otherwise; nothing where Java computes, whose
   * numbers are the same everywhere.
   */
  static Optional<NumericFingerprint> ofScores(Model model) {
    return model.device().isJvm()
        ? Optional.empty()
        : Optional.of(NumericFingerprint.ofScores(model.definition(), model::score));
  }

  /** Returns the name of this machine, as Spark calls it. */
  static String host() {
    return SparkEnv.get().blockManager().blockManagerId().host();
  }

  /**
   * Compares.
   *
   * @param host the worker's machine
   * @param advice what may be done about it
   * @throws FleetException if the numbers differ; the message names the worker and what differs
   */
  static void check(
      NumericFingerprint driver, String host, NumericFingerprint worker, Advice advice) {
    if (!driver.agreesWith(worker)) {
      throw new FleetException(
          "the worker on "
              + host
              + " computes other numbers than the driver, so that its results are not taken: "
              + String.join("; ", driver.differences(worker))
              + " (the driver is here, the worker there)",
          advice);
    }
  }
}
