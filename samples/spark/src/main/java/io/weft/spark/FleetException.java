package io.weft.spark;

import io.weft.advice.Advice;
import io.weft.advice.Advised;
import io.weft.advice.AdvisedException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A fleet could not do its work: a worker failed again and again, or is not like the others. */
public final class FleetException extends RuntimeException implements Advised {

  private static final long serialVersionUID = 1;

  private final String problem;
  private final @Nullable Advice advice;

  FleetException(String message) {
    this(message, (Throwable) null);
  }

  FleetException(String message, @Nullable Throwable cause) {
    super(message, cause);
    problem = message;
    advice = null;
  }

  FleetException(String problem, Advice advice) {
    super(AdvisedException.message(problem, advice));
    this.problem = problem;
    this.advice = advice;
  }

  /** Returns what was found, without advice and without a full stop. */
  @Override
  public String problem() {
    return problem;
  }

  /** Returns what to do about it, where the message says more than the problem. */
  @Override
  public Optional<Advice> advice() {
    return Optional.ofNullable(advice);
  }
}
