package io.weft.engine;

import io.weft.internal.Seam;
import io.weft.optimise.Optimiser;
import io.weft.weight.RunLoss;
import io.weft.weight.TrainingState;
import io.weft.weight.Weights;
import java.util.Map;

/**
 * A definition compiled for training: one call is one step of the optimiser. It holds the weights
 * until they are fetched. Not for use by several threads at once.
 */
@Seam
public interface TrainingSteps extends AutoCloseable {

  /**
   * What does not change from step to step.
   *
   * @param optimiser how a step follows from the gradients; the rate is each step's own
   * @param weightDecay the factor of half the weights' square sum, added to the loss
   * @param factors what the learning rate is multiplied by, by full parameter name, where it is not
   *     1; 0 freezes
   * @param clipNorm the global norm that gradients are scaled down to; infinite for no clipping
   * @param averaged whether a Polyak average of the weights is kept
   * @param precision what a step computes in, checked for the device
   */
  record Settings(
      Optimiser optimiser,
      double weightDecay,
      Map<String, Double> factors,
      double clipNorm,
      boolean averaged,
      Precision precision) {
    /** Copies the factors. */
    public Settings {
      factors = Map.copyOf(factors);
    }

    /** Returns what the learning rate of a parameter is multiplied by. */
    public double factor(String parameter) {
      return factors.getOrDefault(parameter, 1.0);
    }

    /** Returns whether a parameter stays as it is. */
    public boolean isFrozen(String parameter) {
      return factor(parameter) == 0;
    }
  }

  /**
   * What a step is run with.
   *
   * @param rate the learning rate
   * @param number the step's number in its run, from 0
   * @param optimiserStep the number of steps before that have led to what the optimiser keeps
   * @param before the steps that the model had before, in all its runs
   * @param averageDecay how much of the Polyak average is kept
   * @param noiseSeed the seed of the step's noise (dropout)
   * @param order the number of the step's generation order among those of the definition
   */
  record StepInput(
      double rate,
      long number,
      long optimiserStep,
      long before,
      double averageDecay,
      long noiseSeed,
      int order) {}

  /**
   * What a step gives.
   *
   * @param nats the mean negative log-likelihood of a colour value
   * @param gradientNorm the global norm of the gradients before clipping
   */
  record StepOutput(double nats, double gradientNorm) {
    /** Returns whether the step was taken: both numbers are finite. */
    public boolean isFinite() {
      return Double.isFinite(nats) && Double.isFinite(gradientNorm);
    }
  }

  /** Takes one step. Weights stay as they were if the result is not finite. */
  StepOutput step(Batch batch, StepInput input);

  /**
   * Says where a step that was not finite went wrong: the first layer, in the order of the graph,
   * whose value is not finite, else the last parameter whose gradient is not.
   */
  String diagnose(Batch batch, StepInput input);

  /**
   * Returns the weights that the model keeps: the average where there is one.
   *
   * @throws IllegalArgumentException if one is not finite
   */
  Weights fetchWeights();

  /**
   * Returns the state to go on from.
   *
   * @param step steps that the model has been trained for
   * @param runStart how many of them came before the run
   * @param optimiserStart how many of them came before the first that the optimiser has seen
   * @param loss what the steps of the run have found
   * @param withAverage whether the model's weights are not the Polyak average, if there is one
   * @throws IllegalArgumentException if a weight or a moment is not finite
   */
  TrainingState fetchState(
      long step, long runStart, long optimiserStart, RunLoss loss, boolean withAverage);

  @Override
  void close();
}
