package io.weft.train;

import io.weft.data.Examples;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * Where a model's weights come from: one call of training, its data, settings and results.
 *
 * @param started when
 * @param data what was trained on: number, kind and fingerprint of the examples
 * @param options the method in words, see {@link TrainingOptions#method}
 * @param seed the seed
 * @param firstStep steps that the model had before
 * @param lastStep steps that it had after
 * @param outcome how it ended: RUNNING, COMPLETED, STOPPED_EARLY, CANCELLED or FAILED
 * @param versions of Weft, TensorFlow and Java
 * @param validations the results, in order
 */
public record TrainingRecord(
    Instant started,
    String data,
    String options,
    long seed,
    long firstStep,
    long lastStep,
    String outcome,
    String versions,
    List<Point> validations) {

  /** The outcome of a run that has not ended. */
  public static final String RUNNING = "RUNNING";

  /** Freezes the list. */
  public TrainingRecord {
    Objects.requireNonNull(started, "started");
    Objects.requireNonNull(data, "data");
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(outcome, "outcome");
    Objects.requireNonNull(versions, "versions");
    validations = List.copyOf(validations);
  }

  /**
   * Checks that a training that goes on from where this one ended takes the steps that this one
   * would have taken. How long it lasts, and who watches, may differ.
   *
   * @throws IllegalArgumentException if the examples or the method are others; the message says
   *     both
   */
  public void checkContinuedBy(Examples examples, TrainingOptions with) {
    checkSame("examples", data, describe(examples));
    checkSame("method", options, with.method());
  }

  private static void checkSame(String what, String before, String now) {
    if (!before.equals(now)) {
      throw new IllegalArgumentException(
          "this training would not go on with the one before: its "
              + what
              + " would be ("
              + now
              + "), but was ("
              + before
              + "); give the same, or begin anew");
    }
  }

  /** Returns number, kind and fingerprint of examples in words. */
  static String describe(Examples examples) {
    return examples.images().size() + " images, " + examples.images().fingerprint();
  }

  /**
   * One validation.
   *
   * @param step steps done
   * @param epoch the pass over the examples, from 1
   * @param trainingBits mean training bits per dimension since the point before
   * @param validationBits validation bits per dimension
   * @param seconds since training started
   */
  public record Point(
      long step, int epoch, double trainingBits, double validationBits, double seconds) {}
}
