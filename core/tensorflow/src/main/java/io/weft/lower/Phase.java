package io.weft.lower;

/** What a graph is lowered for. */
public enum Phase {
  /** Learning: dropout drops, batch normalisation measures. */
  TRAINING,
  /** Scoring and sampling: the function that the causality proof speaks of. */
  INFERENCE
}
