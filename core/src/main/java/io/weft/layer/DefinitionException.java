package io.weft.layer;

/** A model definition that cannot be built. The message names the layer, and what to change. */
public class DefinitionException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  /** Makes one from what was found, what was expected and what to do. */
  public DefinitionException(String message) {
    super(message);
  }

  /** Makes one with the error that caused it. */
  public DefinitionException(String message, Throwable cause) {
    super(message, cause);
  }
}
