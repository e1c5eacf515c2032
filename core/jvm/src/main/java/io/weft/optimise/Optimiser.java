package io.weft.optimise;

import java.util.List;

/**
 * How a step of training follows from the gradients: a value, which says what it is. How it is
 * computed is the engine's, which answers for every {@linkplain Cases case}.
 */
public sealed interface Optimiser permits Adam, AdamW, RmsProp {

  /** Returns the learning rate. */
  RateSchedule rate();

  /**
   * Returns the names of what is kept of each trained parameter from step to step, in its shape and
   * 0 before the first step. A saved model's arrays bear these names.
   */
  List<String> slots();

  /** Returns what {@code cases} has for this optimiser. */
  <R> R match(Cases<R> cases);

  /**
   * Something for every optimiser that there is: who adds one has to say it everywhere.
   *
   * @param <R> what there is for each
   */
  interface Cases<R> {
    /** Returns what there is for Adam. */
    R adam(Adam adam);

    /** Returns what there is for Adam with decoupled weight decay. */
    R adamW(AdamW adamW);

    /** Returns what there is for RMSProp. */
    R rmsProp(RmsProp rmsProp);
  }
}
