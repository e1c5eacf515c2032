package io.weft.spark;

import org.jspecify.annotations.Nullable;

/** A fleet could not do its work: a worker failed again and again, or is not like the others. */
public final class FleetException extends RuntimeException {

  private static final long serialVersionUID = 1;

  FleetException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
