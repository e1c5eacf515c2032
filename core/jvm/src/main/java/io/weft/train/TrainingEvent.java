package io.weft.train;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What happens in training, in order. */
public sealed interface TrainingEvent {

  /** Returns the number of steps that the model has been trained for, from its start. */
  long step();

  /**
   * A step was taken.
   *
   * @param step steps done, this one included
   * @param lastStep the step at which training is to end
   * @param epoch the run's pass over the examples, from 1
   * @param images examples that the step took
   * @param bitsPerDimension the batch's mean negative log-likelihood, before the step
   * @param gradientNorm the global norm of the gradients, before clipping
   * @param rate the learning rate
   * @param time where the step's time went
   */
  record Stepped(
      long step,
      long lastStep,
      int epoch,
      int images,
      double bitsPerDimension,
      double gradientNorm,
      double rate,
      StepTime time)
      implements TrainingEvent {}

  /**
   * The model was validated.
   *
   * @param step steps done
   * @param epoch the run's pass over the examples, from 1
   * @param trainingBits mean bits per dimension of the steps since the validation before
   * @param validationBits bits per dimension of the validation examples
   * @param best whether this is the best so far
   * @param logLikelihoods the log-likelihood of each validation example, in their order
   * @param metrics what was measured beside, by name, see {@link TrainingOptions.Builder#metric}
   */
  record Validated(
      long step,
      int epoch,
      double trainingBits,
      double validationBits,
      boolean best,
      List<Double> logLikelihoods,
      Map<String, Double> metrics)
      implements TrainingEvent {
    /** Freezes what there is several of. */
    public Validated {
      logLikelihoods = List.copyOf(logLikelihoods);
      metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    }

    /** A validation at which nothing else was measured. */
    public Validated(
        long step,
        int epoch,
        double trainingBits,
        double validationBits,
        boolean best,
        List<Double> logLikelihoods) {
      this(step, epoch, trainingBits, validationBits, best, logLikelihoods, Map.of());
    }

    /** One line: how many examples there were, in place of what each came to. */
    @Override
    public String toString() {
      return "Validated[step="
          + step
          + ", epoch="
          + epoch
          + ", trainingBits="
          + trainingBits
          + ", validationBits="
          + validationBits
          + ", best="
          + best
          + ", examples="
          + logLikelihoods.size()
          + (metrics.isEmpty() ? "" : ", metrics=" + metrics)
          + "]";
    }
  }

  /**
   * The model has been given weights, see {@link Keep}, and the state of this step: saved now, it
   * is what training resumes from. Comes after each validation, every so many steps where that was
   * asked for, and after the last step; not while the run has come to nothing but weights that have
   * diverged, which are not worth saving.
   *
   * @param step steps done
   * @param epoch the run's pass over the examples, from 1
   */
  record Checkpointed(long step, int epoch) implements TrainingEvent {}

  /**
   * Training has ended, whatever the reason; the model has its weights, see {@link Keep}.
   *
   * @param step steps done
   * @param reason why
   */
  record Finished(long step, Reason reason) implements TrainingEvent {}

  /** Why training ended. */
  enum Reason {
    /** All steps were taken. */
    COMPLETED,
    /** Validation found nothing better for as long as asked. */
    STOPPED_EARLY,
    /** A listener stopped the run. */
    STOPPED,
    /** The run was closed before its last step. */
    CANCELLED,
    /** A value was not finite, or the weights have diverged. */
    FAILED
  }
}
