package io.weft.internal.lettering;

import java.util.Optional;
import java.util.function.Supplier;

/** Java's fonts, which some small machines lack. */
public final class Fonts {

  private Fonts() {}

  /**
   * Draws something with words.
   *
   * @throws IllegalStateException if Java finds no fonts
   */
  public static <T> T using(Supplier<T> draw) {
    try {
      return draw.get();
    } catch (InternalError | LinkageError e) {
      throw new NoFontsException(e);
    } catch (RuntimeException e) {
      // How Java says it when there is a library for fonts, and nothing for it to read.
      if (String.valueOf(e.getMessage()).contains("Fontconfig")) {
        throw new NoFontsException(e);
      }
      throw e;
    }
  }

  /** Draws something with words; nothing if Java finds no fonts. */
  static <T> Optional<T> ifAny(Supplier<T> draw) {
    try {
      return Optional.of(using(draw));
    } catch (NoFontsException e) {
      return Optional.empty();
    }
  }

  /** What there is to be done where Java finds no fonts. */
  private static final class NoFontsException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    NoFontsException(Throwable cause) {
      super(
          "Java finds no fonts to write on the picture with; install some (Debian: fontconfig and"
              + " fonts-dejavu-core)",
          cause);
    }
  }
}
