package io.weft.advice;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An argument that is refused, with what to do about it. */
public final class AdvisedException extends IllegalArgumentException implements Advised {

  private static final long serialVersionUID = 1L;

  private final String problem;
  private final Advice advice;

  /**
   * Makes the message {@code "problem. Advice."}.
   *
   * @param problem what was found and what was expected, without a full stop
   * @param advice what to do about it
   */
  public AdvisedException(String problem, Advice advice) {
    this(problem, advice, null);
  }

  private AdvisedException(String problem, Advice advice, @Nullable Throwable cause) {
    super(message(problem, advice), cause);
    this.problem = problem;
    this.advice = advice;
  }

  /** Returns the message of a problem and an advice, in the terms of the API. */
  public static String message(String problem, Advice advice) {
    return Objects.requireNonNull(problem, "problem") + ". " + advice.inApi();
  }

  /**
   * Returns the same refusal after words that say where it happened; its advice is kept.
   *
   * @param place for example {@code "example 3"}
   * @param refusal what was refused there
   */
  public static IllegalArgumentException at(String place, IllegalArgumentException refusal) {
    if (refusal instanceof Advised advised && advised.advice().isPresent()) {
      return new AdvisedException(
          place + ": " + advised.problem(), advised.advice().get(), refusal);
    }
    return new IllegalArgumentException(place + ": " + refusal.getMessage(), refusal);
  }

  @Override
  public String problem() {
    return problem;
  }

  @Override
  public Optional<Advice> advice() {
    return Optional.of(advice);
  }
}
