package io.weft.internal.files;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A file or folder that could not be written: the disk or a quota is full, it may not be written,
 * or it failed. The message names it, says why, and what to do; what was there before stays.
 */
public final class WriteException extends IOException {

  private static final long serialVersionUID = 1L;

  /**
   * Makes the message from the failure underneath.
   *
   * @param target what was to be written, under the name that the user knows
   * @param cause the failure; of another {@code WriteException} the reason is taken over
   */
  public WriteException(Path target, IOException cause) {
    this(
        target,
        cause,
        "Make sure that there is room and that the place may be written, or choose another; what"
            + " was there before stays");
  }

  private WriteException(Path target, IOException cause, String advice) {
    super(
        Objects.requireNonNull(target, "target")
            + ": could not be written: "
            + reason(cause)
            + ". "
            + advice,
        cause);
  }

  /** Returns the exception for a device, a pipe or a socket, which has no before. */
  static WriteException into(Path target, IOException cause) {
    return new WriteException(
        target,
        cause,
        "It is no file; make sure that something takes what is written, or name one");
  }

  /** Java's own messages are often the path alone, or do not say which file was meant. */
  private static String reason(IOException cause) {
    if (cause instanceof WriteException && cause.getCause() instanceof IOException deeper) {
      return reason(deeper);
    }
    if (cause instanceof AccessDeniedException denied) {
      return "access to " + denied.getFile() + " is denied";
    }
    if (cause instanceof FileSystemException failed) {
      String why =
          failed.getReason() == null ? failed.getClass().getSimpleName() : failed.getReason();
      return why + " (" + failed.getFile() + ")";
    }
    return Objects.requireNonNullElse(cause.getMessage(), cause.getClass().getName());
  }
}
