package io.weft.json;

/** The words of the format. */
final class Format {

  static final String NAME = "weft-definition";
  static final int VERSION = 1;
  static final String CLASS = "class";
  static final String VECTOR = "vector";
  static final String SPATIAL = "spatial";
  static final String SOFTMAX = "SOFTMAX";
  static final String BERNOULLI = "BERNOULLI";
  static final String LOGISTIC_MIXTURE = "LOGISTIC_MIXTURE";

  private Format() {}
}
