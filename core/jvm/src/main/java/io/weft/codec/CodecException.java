package io.weft.codec;

import java.io.IOException;

/**
 * What is to be decoded cannot be: it is damaged, foreign, made by a newer Weft or under another
 * model. The message says what was found, what was expected and what to do.
 */
public final class CodecException extends IOException {

  private static final long serialVersionUID = 1L;

  /**
   * Makes the message {@code "place: found ...; expected .... advice"}.
   *
   * @param place the file, or a part of it
   * @param advice what the user can do, a sentence with its full stop
   */
  CodecException(String place, String found, String expected, String advice) {
    super(place + ": found " + found + "; expected " + expected + ". " + advice);
  }

  /** Returns what is thrown for a file that has changed since it was written. */
  static CodecException damaged(String place, String found, String expected) {
    return new CodecException(
        place, found, expected, "The file is damaged: copy it anew, or code the images again.");
  }
}
