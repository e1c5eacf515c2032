package io.weft.advice;

import java.util.Objects;
import java.util.Optional;

/**
 * One thing that was looked at.
 *
 * @param subject what, in a word or two: "Java", "memory", "GPU"
 * @param verdict what it means for the work
 * @param found what is there, where, and what is missing; without a full stop
 * @param advice what to do, if something can be done
 */
public record Finding(String subject, Verdict verdict, String found, Optional<Advice> advice) {

  /** Checks that nothing is null. */
  public Finding {
    Objects.requireNonNull(subject, "subject");
    Objects.requireNonNull(verdict, "verdict");
    Objects.requireNonNull(found, "found");
    Objects.requireNonNull(advice, "advice");
  }

  /** Returns that all is there. */
  public static Finding good(String subject, String found) {
    return new Finding(subject, Verdict.GOOD, found, Optional.empty());
  }

  /** Returns that Weft does without something. */
  public static Finding limited(String subject, String found, Advice advice) {
    return new Finding(subject, Verdict.LIMITED, found, Optional.of(advice));
  }

  /** Returns that something does not work. */
  public static Finding broken(String subject, String found, Advice advice) {
    return new Finding(subject, Verdict.BROKEN, found, Optional.of(advice));
  }
}
