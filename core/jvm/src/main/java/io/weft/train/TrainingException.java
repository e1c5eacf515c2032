package io.weft.train;

import io.weft.advice.Advice;
import io.weft.advice.Advised;
import io.weft.advice.AdvisedException;
import java.util.Optional;

/**
 * Training has come to nothing: a value is not finite, or in the end the loss is far above that of
 * guessing. The message names the step, in the first case the layer too, and what the model keeps.
 */
public class TrainingException extends RuntimeException implements Advised {

  private static final long serialVersionUID = 1L;

  private final String problem;
  private final Advice advice;

  /**
   * Makes one.
   *
   * @param problem what was found, without a full stop
   * @param advice what to do about it
   */
  public TrainingException(String problem, Advice advice) {
    super(AdvisedException.message(problem, advice));
    this.problem = problem;
    this.advice = advice;
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
