package io.weft.json;

/** The words of the format. */
final class Format {

  static final String NAME = "weft-definition";
  static final int VERSION = 1;
  static final String CLASS = "class";
  static final String VECTOR = "vector";
  static final String SPATIAL = "spatial";

  private Format() {}
}
