package io.weft.train;

import java.util.Locale;

/**
 * What a run that fine-tunes a trained model takes over from the run before, beside the weights.
 * Learning rates, the order of the examples and noise begin anew in any case.
 */
public enum FineTune {
  /**
   * Nothing: the optimiser begins anew, from the weights that the model has, as does a Polyak
   * average, where one is asked for.
   */
  FRESH,

  /**
   * What the optimiser has kept, the weights under training and their Polyak average: the run
   * before goes on, with other examples or options. The optimiser has to keep the same as that of
   * the run before.
   */
  KEPT;

  /** Returns how the method of such a run begins, see {@link TrainingOptions#method}. */
  String words() {
    return "fine-tuning with optimiser and average " + this + ", ";
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
