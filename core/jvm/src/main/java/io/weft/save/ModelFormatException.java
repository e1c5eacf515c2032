package io.weft.save;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A folder that is no model that this version can load: damaged, foreign, newer or missing. The
 * message says which file, what was found, what was expected and what to do.
 */
public final class ModelFormatException extends IOException {

  private static final long serialVersionUID = 1L;

  /**
   * Makes the message {@code "place: found ...; expected .... advice"}.
   *
   * @param place the file or folder
   * @param found what is there
   * @param expected what should be there
   * @param advice what the user can do, a sentence with its full stop
   */
  public ModelFormatException(Object place, String found, String expected, String advice) {
    this(place, found, expected, advice, null);
  }

  /**
   * As above, with the failure that brought it about.
   *
   * @param place the file or folder
   * @param found what is there
   * @param expected what should be there
   * @param advice what the user can do, a sentence with its full stop
   * @param cause the failure underneath, or null if there is none
   */
  public ModelFormatException(
      Object place, String found, String expected, String advice, @Nullable Throwable cause) {
    super(place + ": found " + found + "; expected " + expected + ". " + advice, cause);
  }
}
