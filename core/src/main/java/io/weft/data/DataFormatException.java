package io.weft.data;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A data file or folder that is not what it should be; the message says what to do about it. */
public final class DataFormatException extends IOException {

  private static final long serialVersionUID = 1L;

  /**
   * Makes the message {@code "source: found ...; expected .... advice"}.
   *
   * @param source the file, folder or address that was read
   * @param found what is there
   * @param expected what should be there
   * @param advice what the user can do, a sentence with its full stop
   */
  public DataFormatException(Object source, String found, String expected, String advice) {
    super(source + ": found " + found + "; expected " + expected + ". " + advice);
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
    this(source, found, expected, advice);
    initCause(cause);
  }
}
