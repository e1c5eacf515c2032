package io.weft.engine;

/**
 * Something needs TensorFlow, which this process has not, or the model's device leaves out. The
 * message says what, and which dependency brings it.
 */
public final class EngineMissingException extends IllegalStateException {

  private static final long serialVersionUID = 1L;

  /**
   * Makes the message.
   *
   * @param what what needs TensorFlow, such as "training"
   */
  EngineMissingException(String what) {
    super(
        what
            + " needs TensorFlow, which is not on the class path; add the dependency"
            + " io.weft:weft-core in place of io.weft:weft-jvm");
  }

  /**
   * Makes the message of what a device leaves out.
   *
   * @param what what needs TensorFlow, such as "training"
   * @param device a device without TensorFlow
   */
  EngineMissingException(String what, Device device) {
    super(
        what + " needs TensorFlow, which the device " + device + " leaves out; take Device.cpu()");
  }
}
