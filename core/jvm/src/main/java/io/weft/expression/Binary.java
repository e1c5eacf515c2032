package io.weft.expression;

/** The elementwise functions of two values. */
public enum Binary {
  /** a + b. */
  ADD,
  /** a - b. */
  SUBTRACT,
  /** a * b. */
  MULTIPLY,
  /** a / b. */
  DIVIDE,
  /** The larger. */
  MAXIMUM,
  /** The smaller. */
  MINIMUM
}
