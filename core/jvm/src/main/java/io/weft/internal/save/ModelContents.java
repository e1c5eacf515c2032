package io.weft.internal.save;

import io.weft.define.Definition;
import io.weft.train.TrainingRecord;
import io.weft.weight.TrainingState;
import io.weft.weight.Weights;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * All that a saved model holds.
 *
 * @param definition the definition
 * @param weights the weights
 * @param state what training goes on from; empty for a model that was never trained
 * @param history one record for each training run
 */
public record ModelContents(
    Definition definition,
    Weights weights,
    Optional<TrainingState> state,
    List<TrainingRecord> history) {

  /** Freezes the list. */
  public ModelContents {
    Objects.requireNonNull(definition, "definition");
    Objects.requireNonNull(weights, "weights");
    Objects.requireNonNull(state, "state");
    history = List.copyOf(history);
  }
}
