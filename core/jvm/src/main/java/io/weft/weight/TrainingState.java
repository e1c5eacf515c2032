package io.weft.weight;

import static java.util.stream.Collectors.toSet;
import static java.util.stream.Collectors.toUnmodifiableMap;

import io.weft.internal.Seam;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What a training run needs, beside the model's weights, to go on as if it had never stopped.
 *
 * @param step steps that the model has been trained for
 * @param runStart how many of them came before the run: its schedule, its order of the examples and
 *     its noise are counted from there
 * @param optimiserStart how many of them came before the first that the optimiser has seen: a run
 *     that keeps what another's has kept counts on from there, all others from their own start
 * @param loss what the steps of the run have found
 * @param raw the weights under training
 * @param average the Polyak average of the trained weights by full parameter name, where one is
 *     kept and the model's weights are not it, but those of an earlier step
 * @param slots what the optimiser keeps, by its name for it and by full parameter name
 */
public record TrainingState(
    long step,
    long runStart,
    long optimiserStart,
    RunLoss loss,
    Weights raw,
    Optional<Map<String, float[]>> average,
    Map<String, Map<String, float[]>> slots) {

  /**
   * Checks that nothing is missing, that all goes together, and that all numbers are finite.
   *
   * @throws IllegalArgumentException if it is not so
   */
  public TrainingState {
    Objects.requireNonNull(loss, "loss");
    Objects.requireNonNull(raw, "raw");
    average = average.map(Map::copyOf);
    slots =
        slots.entrySet().stream()
            .collect(toUnmodifiableMap(Map.Entry::getKey, e -> Map.copyOf(e.getValue())));
    loss.checkSteps(runStart, step);
    checkOptimiserStart(optimiserStart, runStart);
    Set<Set<String>> trained = slots.values().stream().map(Map::keySet).collect(toSet());
    average.ifPresent(a -> trained.add(a.keySet()));
    if (trained.size() > 1 || !trained.stream().allMatch(raw.names()::containsAll)) {
      throw new IllegalArgumentException(
          "a training state has what the optimiser keeps, and an average or none, for the same"
              + " parameters of its weights, found "
              + trained);
    }
    average.ifPresent(a -> a.forEach((name, array) -> Finite.check("the average of", name, array)));
    slots.forEach(
        (slot, arrays) ->
            arrays.forEach(
                (name, array) -> Finite.check("the optimiser's " + slot + " of", name, array)));
  }

  /**
   * Checks that the optimiser of a run can have begun at a step.
   *
   * @throws IllegalArgumentException if it cannot
   */
  @Seam
  public static void checkOptimiserStart(long optimiserStart, long runStart) {
    if (optimiserStart < 0 || optimiserStart > runStart) {
      throw new IllegalArgumentException(
          "an optimiser begins with its run or before; found one from step "
              + optimiserStart
              + " in a run from "
              + runStart);
    }
  }
}
