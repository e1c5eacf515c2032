package io.weft.weight;

import java.util.Map;
import java.util.Objects;

/**
 * What training needs, beside the model's weights, to go on as if it had never stopped.
 *
 * @param step steps done
 * @param raw the weights under training; the model's own are their Polyak average, where one is
 *     kept
 * @param firstMoments Adam's first moments by full parameter name
 * @param secondMoments Adam's second moments by full parameter name
 */
public record TrainingState(
    long step, Weights raw, Map<String, float[]> firstMoments, Map<String, float[]> secondMoments) {

  /**
   * Checks that nothing is missing, and that all moments are finite.
   *
   * @throws IllegalArgumentException if it is not so
   */
  public TrainingState {
    Objects.requireNonNull(raw, "raw");
    firstMoments = Map.copyOf(firstMoments);
    secondMoments = Map.copyOf(secondMoments);
    if (step < 0
        || !firstMoments.keySet().equals(secondMoments.keySet())
        || !raw.names().containsAll(firstMoments.keySet())) {
      throw new IllegalArgumentException(
          "a training state has moments for parameters of its weights and a step from 0, found "
              + firstMoments.keySet()
              + ", "
              + secondMoments.keySet()
              + ", step "
              + step);
    }
    firstMoments.forEach((name, array) -> Finite.check("Adam's first moment of", name, array));
    secondMoments.forEach((name, array) -> Finite.check("Adam's second moment of", name, array));
  }
}
