package io.weft.train;

/** Which of a run's weights a model is given. */
public enum Keep {
  /** Those of the validation with the fewest bits; until there is one, the newest. */
  BEST,
  /** The newest. */
  LAST
}
