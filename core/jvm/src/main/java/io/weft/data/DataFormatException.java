package io.weft.data;

import io.weft.advice.Advice;
import io.weft.advice.Advised;
import io.weft.advice.AdvisedException;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A data file or folder that is not what it should be; the message says what to do about it. */
public final class DataFormatException extends IOException implements Advised {

  private static final long serialVersionUID = 1L;

  private final String problem;
  private final @Nullable Advice advice;

  /**
   * Makes the message {@code "source: found ...; expected .... advice"}.
   *
   * @param source the file, folder or address that was read
   * @param found what is there
   * @param expected what should be there
   * @param advice what the user can do, a sentence with its full stop
   */
  public DataFormatException(Object source, String found, String expected, String advice) {
    this(source, found, expected, advice, null);
  }

  /**
   * As above, with the failure that brought it about.
   *
   * @param source the file, folder or address that was read
   * @param found what is there
   * @param expected what should be there
   * @param advice what the user can do, a sentence with its full stop
   * @param cause the failure underneath, or null if there is none
   */
  public DataFormatException(
      Object source, String found, String expected, String advice, @Nullable Throwable cause) {
    super(problem(source, found, expected) + ". " + advice, cause);
    this.problem = getMessage();
    this.advice = null;
  }

  /**
   * Makes the same message with an advice that other programs can say in their own terms.
   *
   * @param source the file, folder or address that was read
   * @param found what is there
   * @param expected what should be there
   * @param advice what the user can do
   */
  public DataFormatException(Object source, String found, String expected, Advice advice) {
    this(source, found, expected, advice, null);
  }

  /**
   * As above, with the failure that brought it about.
   *
   * @param source the file, folder or address that was read
   * @param found what is there
   * @param expected what should be there
   * @param advice what the user can do
   * @param cause the failure underneath, or null if there is none
   */
  public DataFormatException(
      Object source, String found, String expected, Advice advice, @Nullable Throwable cause) {
    super(AdvisedException.message(problem(source, found, expected), advice), cause);
    this.problem = problem(source, found, expected);
    this.advice = advice;
  }

  private static String problem(Object source, String found, String expected) {
    return source + ": found " + found + "; expected " + expected;
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
