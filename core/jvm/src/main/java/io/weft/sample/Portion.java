package io.weft.sample;

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
}
