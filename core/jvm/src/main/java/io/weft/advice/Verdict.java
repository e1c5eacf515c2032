package io.weft.advice;

/** What a {@link Finding} means for the work. */
public enum Verdict {
  /** All is there. */
  GOOD,

  /** Weft works without what is missing: more slowly, or not everything. */
  LIMITED,

  /** Something that is there and meant to work does not. */
  BROKEN
}
