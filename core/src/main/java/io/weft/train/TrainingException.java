package io.weft.train;

/**
 * Training cannot go on: a value is not finite. The message names the step and the layer; the model
 * keeps the weights from before the step.
 */
public class TrainingException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Makes one from what was found and what to do. */
  public TrainingException(String message) {
    super(message);
  }
}
