package io.weft.tensorflow;

/**
 * TensorFlow's native library cannot be loaded: there is none for this platform, or no place to
 * unpack it to. The message says what was tried, why it failed and what to do. Whatever needs
 * TensorFlow throws this again until Java is started anew.
 */
public final class NativeLibraryException extends IllegalStateException {

  private static final long serialVersionUID = 1L;

  private final String problem;

  /**
   * Makes the message {@code "problem; remedy"}.
   *
   * @param problem what was tried and why it failed
   * @param remedy what to do
   * @param cause how it failed
   */
  NativeLibraryException(String problem, String remedy, LinkageError cause) {
    super(problem + "; " + remedy, cause);
    this.problem = problem;
  }

  /** Returns what was tried and why it failed, without what to do: the message's first part. */
  public String problem() {
    return problem;
  }
}
