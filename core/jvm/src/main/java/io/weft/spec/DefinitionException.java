package io.weft.spec;

import io.weft.advice.Advice;
import io.weft.advice.Advised;
import io.weft.advice.AdvisedException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A model definition that cannot be built. The message names the layer, and what to change. */
public class DefinitionException extends IllegalArgumentException implements Advised {

  private static final long serialVersionUID = 1L;

  private final String problem;
  private final @Nullable Advice advice;

  /** Makes one from what was found, what was expected and what to do. */
  public DefinitionException(String message) {
    super(message);
    this.problem = message;
    this.advice = null;
  }

  /** Makes one with the error that caused it. */
  public DefinitionException(String message, Throwable cause) {
    super(message, cause);
    this.problem = message;
    this.advice = null;
  }

  /** Makes one from what was found and expected, without a full stop, and what to do. */
  public DefinitionException(String problem, Advice advice) {
    super(AdvisedException.message(problem, advice));
    this.problem = problem;
    this.advice = advice;
  }

  private DefinitionException(String problem, Advice advice, Throwable cause) {
    super(AdvisedException.message(problem, advice), cause);
    this.problem = problem;
    this.advice = advice;
  }

  /**
   * Returns what was refused as a fault of the definition, after words that say where; its advice
   * is kept.
   *
   * @param place for example {@code model "digits"}
   * @param refusal what was refused there
   */
  public static DefinitionException at(String place, IllegalArgumentException refusal) {
    if (refusal instanceof Advised advised && advised.advice().isPresent()) {
      return new DefinitionException(
          place + ": " + advised.problem(), advised.advice().get(), refusal);
    }
    return new DefinitionException(place + ": " + refusal.getMessage(), refusal);
  }

  @Override
  public String problem() {
    return problem;
  }

  @Override
  public Optional<Advice> advice() {
    return Optional.ofNullable(advice);
  }
}
