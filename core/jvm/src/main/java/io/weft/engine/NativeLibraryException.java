package io.weft.engine;

import io.weft.advice.Advice;
import io.weft.advice.Advised;
import io.weft.advice.AdvisedException;
import java.util.Optional;

/**
 * TensorFlow's native library cannot be loaded: there is none for this platform, or no place to
 * unpack it to. The message says what was tried, why it failed and what to do. Whatever needs
 * TensorFlow throws this again until Java is started anew.
 */
public final class NativeLibraryException extends IllegalStateException implements Advised {

  private static final long serialVersionUID = 1L;

  private final String problem;
  private final Advice advice;

  /**
   * Makes the message {@code "problem. Advice."}.
   *
   * @param problem what was tried and why it failed, without a full stop
   * @param advice what to do
   * @param cause how it failed
   */
  public NativeLibraryException(String problem, Advice advice, Throwable cause) {
    super(AdvisedException.message(problem, advice), cause);
    this.problem = problem;
    this.advice = advice;
  }

  /** Returns what was tried and why it failed. */
  @Override
  public String problem() {
    return problem;
  }

  @Override
  public Optional<Advice> advice() {
    return Optional.of(advice);
  }
}
