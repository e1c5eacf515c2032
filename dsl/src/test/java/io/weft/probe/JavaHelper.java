package io.weft.probe;

final class JavaHelper {
  static final String NAME = "x";

  private JavaHelper() {}
}
