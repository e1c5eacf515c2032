package io.weft.memory;

import io.weft.advice.Advice;
import io.weft.advice.Advised;
import io.weft.advice.AdvisedException;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Work needs more memory than there is: Weft refuses it before it begins, or TensorFlow ends it in
 * the middle. The message says what has no room, how much it needs, what the machine has, and what
 * lowers the need. A model stays usable, for less at a time.
 */
public final class MemoryException extends RuntimeException implements Advised {

  private static final long serialVersionUID = 1L;

  private final String problem;
  private final Advice advice;
  private final int fitting;

  /**
   * Makes the exception.
   *
   * @param problem what has no room, how much it needs, and what there is
   * @param advice what lowers the need
   * @param fitting how many images at a time would fit; 0 if that is not known, or none would
   */
  public MemoryException(String problem, Advice advice, int fitting) {
    super(AdvisedException.message(problem, advice));
    this.problem = problem;
    this.advice = advice;
    this.fitting = fitting;
  }

  /** Returns what has no room, how much it needs, and what there is. */
  @Override
  public String problem() {
    return problem;
  }

  @Override
  public Optional<Advice> advice() {
    return Optional.of(advice);
  }

  /** Returns how many images at a time would fit, if that is known and any would. */
  public OptionalInt fittingImages() {
    return fitting > 0 ? OptionalInt.of(fitting) : OptionalInt.empty();
  }
}
