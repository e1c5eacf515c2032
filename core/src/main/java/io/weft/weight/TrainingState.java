package io.weft.weight;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a training run needs, beside the model's weights, to go on as if it had never stopped.
 *
 * @param step steps that the model has been trained for
 * @param runStart how many of them came before the run: its schedule, its order of the examples and
 *     its noise are counted from there
 * @param loss what the steps of the run have found
 * @param raw the weights under training
 * @param average the Polyak average of the trained weights by full parameter name, where one is
 *     kept and the model's weights are not it, but those of an earlier step
 * @param firstMoments Adam's first moments by full parameter name
 * @param secondMoments Adam's second moments by full parameter name
 */
public record TrainingState(
    long step,
    long runStart,
    RunLoss loss,
    Weights raw,
    Optional<Map<String, float[]>> average,
    Map<String, float[]> firstMoments,
    Map<String, float[]> secondMoments) {

  /**
   * Checks that nothing is missing, that all goes together, and that all numbers are finite.
   *
   * @throws IllegalArgumentException if it is not so
   */
  public TrainingState {
    Objects.requireNonNull(loss, "loss");
    Objects.requireNonNull(raw, "raw");
    average = average.map(Map::copyOf);
    firstMoments = Map.copyOf(firstMoments);
    secondMoments = Map.copyOf(secondMoments);
    loss.checkSteps(runStart, step);
    if (!firstMoments.keySet().equals(secondMoments.keySet())
        || !raw.names().containsAll(firstMoments.keySet())
        || !firstMoments.keySet().equals(average.orElse(firstMoments).keySet())) {
      throw new IllegalArgumentException(
          "a training state has moments, and an average or none, for parameters of its weights,"
              + " found "
              + firstMoments.keySet()
              + ", "
              + secondMoments.keySet()
              + ", "
              + average.map(Map::keySet));
    }
    average.ifPresent(a -> a.forEach((name, array) -> Finite.check("the average of", name, array)));
    firstMoments.forEach((name, array) -> Finite.check("Adam's first moment of", name, array));
    secondMoments.forEach((name, array) -> Finite.check("Adam's second moment of", name, array));
  }
}
