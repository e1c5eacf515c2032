package io.weft.train;

import io.weft.advice.Advice;
import io.weft.advice.Advised;
import io.weft.advice.AdvisedException;
import java.util.Optional;

/**
 * Training cannot go on: a value is not finite. The message names the step and the layer; the model
 * keeps the weights from before the step.
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
