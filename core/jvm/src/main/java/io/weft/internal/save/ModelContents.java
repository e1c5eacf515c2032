package io.weft.internal.save;

import io.weft.Model;
import io.weft.define.Definition;
import io.weft.engine.Device;
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

  /** Returns what a model is now. */
  public static ModelContents of(Model model) {
    Model.Snapshot now = model.snapshot();
    return new ModelContents(model.definition(), now.weights(), now.state(), now.history());
  }

  /** Returns the model. */
  public Model on(Device device) {
    return Model.of(definition, new Model.Snapshot(weights, state, history), device);
  }
}
