package io.weft.advice;

import java.util.Optional;

/** A failure that tells apart what is wrong and what to do about it. */
public interface Advised {

  /** Returns what was found and what was expected, without advice and without a full stop. */
  String problem();

  /** Returns what to do about it; empty where {@link #problem} says all there is to say. */
  Optional<Advice> advice();
}
