package io.weft.train;

import io.weft.data.Examples;
import io.weft.internal.Seam;
import io.weft.weight.RunLoss;
import io.weft.weight.TrainingState;
import io.weft.weight.Weights;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What a training run starts from.
 *
 * @param weights the model's weights
 * @param steps steps that the model has been trained for
 * @param resumed the run that is gone on with; empty for a new run
 * @param kept what a new run takes over from the one before it, if anything
 */
@Seam
public record TrainingStart(
    Weights weights, long steps, Optional<Interrupted> resumed, Optional<TrainingState> kept) {

  /**
   * A run that is gone on with.
   *
   * @param state what it left
   * @param record its record so far
   */
  public record Interrupted(TrainingState state, TrainingRecord record) {
    /** Checks that both are there. */
    public Interrupted {
      Objects.requireNonNull(state, "state");
      Objects.requireNonNull(record, "record");
    }

    private void check(Examples examples, TrainingOptions options) {
      record.checkContinuedBy(examples, options);
      checkSlots(state, options);
      long done = state.step() - state.runStart();
      long asked = options.steps(options.stepsPerEpoch(examples));
      boolean completed = record.outcome().equals(TrainingEvent.Reason.COMPLETED.name());
      if (done > asked || (done == asked && completed)) {
        throw new IllegalArgumentException(
            "the run has taken "
                + done
                + " steps, which is all that is asked for ("
                + asked
                + "); ask for more epochs or steps in all, or begin another run");
      }
    }
  }

  /** Checks that all are there. */
  public TrainingStart {
    Objects.requireNonNull(weights, "weights");
    Objects.requireNonNull(resumed, "resumed");
    Objects.requireNonNull(kept, "kept");
  }

  private static void checkSlots(TrainingState state, TrainingOptions options) {
    Set<String> left = state.slots().keySet();
    if (!left.equals(Set.copyOf(options.optimiser().slots()))) {
      throw new IllegalArgumentException(
          "the run left " + left + " for its optimiser, which is not " + options.optimiser());
    }
  }

  /**
   * Starts a new run: its schedule, its optimiser and its order of the examples begin here.
   *
   * @param steps steps that the model has been trained for, in other runs
   */
  public static TrainingStart anew(Weights weights, long steps) {
    return new TrainingStart(weights, steps, Optional.empty(), Optional.empty());
  }

  /**
   * Starts a new run that takes over what the optimiser has kept, and the Polyak average.
   *
   * @param weights the model's weights, which the run before left with the state
   * @param state what that run left
   */
  public static TrainingStart keeping(Weights weights, TrainingState state) {
    long step = state.step();
    TrainingState begun =
        new TrainingState(
            step,
            step,
            state.optimiserStart(),
            RunLoss.NONE,
            state.raw(),
            state.average(),
            state.slots());
    return new TrainingStart(weights, step, Optional.empty(), Optional.of(begun));
  }

  /**
   * Goes on with a run.
   *
   * @param weights the model's weights, which the run left with the state
   */
  public static TrainingStart resuming(Weights weights, TrainingState state, TrainingRecord run) {
    return new TrainingStart(
        weights, state.step(), Optional.of(new Interrupted(state, run)), Optional.empty());
  }

  /**
   * Checks, ahead of long work, that a run that is resumed has the same examples and method as
   * before, and steps left; of a new run that its optimiser can take over what is kept.
   *
   * @throws IllegalArgumentException if not; the message says both
   */
  public void check(Examples examples, TrainingOptions options) {
    resumed.ifPresent(run -> run.check(examples, options));
    kept.ifPresent(state -> checkSlots(state, options));
  }

  Optional<TrainingState> state() {
    return resumed.map(Interrupted::state).or(() -> kept);
  }

  Optional<TrainingRecord> run() {
    return resumed.map(Interrupted::record);
  }

  /** Returns the step at which the run began. */
  long runStart() {
    return state().map(TrainingState::runStart).orElse(steps);
  }

  /** Returns the step at which the optimiser began. */
  long optimiserStart() {
    return state().map(TrainingState::optimiserStart).orElse(steps);
  }
}
