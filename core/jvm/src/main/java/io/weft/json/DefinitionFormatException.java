package io.weft.json;

import io.weft.spec.DefinitionException;

/** A definition file that cannot be read: damaged, foreign, newer, or saying what cannot be. */
public final class DefinitionFormatException extends DefinitionException {

  private static final long serialVersionUID = 1L;

  private final String pointer;
  private final String withoutPlace;

  DefinitionFormatException(String pointer, String problem) {
    this(pointer, problem, null);
  }

  DefinitionFormatException(String pointer, String problem, Throwable cause) {
    super((pointer.isEmpty() ? "definition" : "definition, " + pointer) + ": " + problem, cause);
    this.pointer = pointer;
    this.withoutPlace = problem;
  }

  /**
   * Returns the place in the file as a JSON pointer (RFC 6901), such as "/nodes/3/layer/maps"; ""
   * for the whole of it.
   */
  public String pointer() {
    return pointer;
  }

  /** Returns the message without the place. */
  String withoutPlace() {
    return withoutPlace;
  }
}
