package io.weft.train;

import io.weft.data.ConditionsDigest;
import io.weft.data.Examples;
import io.weft.internal.Seam;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Where a model's weights come from: one run of training, its data, settings and results. To resume
 * a run is to go on with its record.
 *
 * @param started when it began
 * @param data what was trained on: the examples' {@linkplain Examples#description description}
 * @param options the method in words, see {@link TrainingOptions#method}
 * @param seed the seed
 * @param firstStep steps that the model had before
 * @param lastStep steps that it had after
 * @param keptStep the step of the weights that the model was given: the best or the last, see
 *     {@link Keep}; the first step where the run came to nothing that is of use
 * @param outcome how it ended: RUNNING, COMPLETED, STOPPED_EARLY, STOPPED, CANCELLED or FAILED
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
    long keptStep,
    String outcome,
    String versions,
    List<Point> validations) {

  /** The outcome of a run that has not ended. */
  public static final String RUNNING = "RUNNING";

  /**
   * Freezes the list.
   *
   * @throws IllegalArgumentException if the steps are not in order
   */
  public TrainingRecord {
    if (firstStep < 0 || lastStep < firstStep || keptStep < 0 || keptStep > lastStep) {
      throw new IllegalArgumentException(
          "a record is of steps from 0 on, in order; found first "
              + firstStep
              + ", last "
              + lastStep
              + ", kept "
              + keptStep);
    }
    Objects.requireNonNull(started, "started");
    Objects.requireNonNull(data, "data");
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(outcome, "outcome");
    Objects.requireNonNull(versions, "versions");
    validations = List.copyOf(validations);
  }

  /** Returns the record of the same run with how it ended. */
  TrainingRecord ended(String how) {
    return new TrainingRecord(
        started, data, options, seed, firstStep, lastStep, keptStep, how, versions, validations);
  }

  /** Returns whether the run went on with what the optimiser of the one before it had kept. */
  @Seam
  public boolean keepsOptimiser() {
    return options.startsWith(FineTune.KEPT.words());
  }

  /** Returns the validation of the weights that the model was given, if there was one. */
  public Optional<Point> kept() {
    return validations.stream().filter(point -> point.step() == keptStep).findFirst();
  }

  /**
   * Checks that a training that resumes this one takes the steps that this one would have taken.
   * How long it lasts, what is kept, and who watches, may differ; on what it validates, and how
   * often, where the learning rate does not follow that.
   *
   * @throws IllegalArgumentException if the examples or the method are others; the message says
   *     both
   */
  public void checkContinuedBy(Examples examples, TrainingOptions with) {
    checkSame("examples", data, examples.description());
    // A record of before that says nothing of validation, which a rate may follow, fits any.
    if (!options.equals(with.methodWithoutValidation())) {
      checkSame("method", options, with.method());
    }
  }

  private static void checkSame(String what, String before, String now) {
    // A record of before that says nothing of conditions fits any.
    if (!before.equals(now) && !before.equals(ConditionsDigest.without(now))) {
      throw new IllegalArgumentException(
          "this would not go on with the run before: its "
              + what
              + " would be ("
              + now
              + "), but was ("
              + before
              + "); give the same, or begin another run");
    }
  }

  /**
   * One validation.
   *
   * @param step steps done
   * @param epoch the pass over the examples, from 1
   * @param trainingBits mean training bits per dimension since the point before
   * @param validationBits validation bits per dimension
   * @param seconds that the run has lasted; from one that was resumed, as long as it ran
   */
  public record Point(
      long step, int epoch, double trainingBits, double validationBits, double seconds) {}
}
