package io.weft.sample;

import io.weft.spec.ImageSpec;

/** What a consumer of samples gets at a time. */
enum Portion {
  /** One colour value, by hand. */
  VALUE,
  PIXEL,
  ROW,
  IMAGE;

  boolean isAtLeastRows() {
    return this == ROW || this == IMAGE;
  }

  /**
   * Returns how many steps may be taken before somebody looks. Threads that met after every pixel
   * would spend a fifth of their time in waiting, and after every row some of it still.
   */
  int steps(ImageSpec image) {
    return switch (this) {
      case VALUE, PIXEL -> 1;
      case ROW -> image.width() * image.channels();
      case IMAGE -> image.values();
    };
  }
}
