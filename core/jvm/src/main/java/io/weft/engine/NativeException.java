package io.weft.engine;

import java.util.Locale;

/**
 * TensorFlow refused or failed at something that Weft asked of it, in TensorFlow's words: that of a
 * layer of one's own cannot be computed, say, or a fault of the machine or of Weft.
 *
 * <p>It takes the place of TensorFlow's own exception, and of its stack trace. That is not kept as
 * the cause, so that whoever catches, logs or passes this on needs no class of TensorFlow's. What
 * TensorFlow has no memory for is an {@link io.weft.memory.MemoryException}.
 */
public final class NativeException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private NativeException(String message) {
    super(message);
  }

  /** Returns what takes the place of an exception of TensorFlow's. */
  public static NativeException of(RuntimeException theirs) {
    NativeException ours =
        new NativeException("TensorFlow: " + kind(theirs) + ": " + theirs.getMessage());
    ours.setStackTrace(theirs.getStackTrace());
    return ours;
  }

  /** The name of the class in words: "invalid argument" for TFInvalidArgumentException. */
  private static String kind(RuntimeException theirs) {
    return theirs
        .getClass()
        .getSimpleName()
        .replaceFirst("^TF|^TensorFlow(?=Exception)", "")
        .replaceFirst("Exception$", "")
        .replaceAll("(?<=.)(?=[A-Z])", " ")
        .toLowerCase(Locale.ROOT);
  }
}
