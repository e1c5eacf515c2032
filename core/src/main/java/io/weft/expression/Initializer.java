package io.weft.expression;

/** How a parameter's values start. Values are drawn by (seed, parameter name, index) alone. */
public sealed interface Initializer {

  /**
   * Every value the same.
   *
   * @param value the value
   */
  record Constant(float value) implements Initializer {}

  /**
   * Independent normal values with mean 0.
   *
   * @param deviation the standard deviation, above 0
   */
  record Normal(double deviation) implements Initializer {}

  /**
   * Independent uniform values in [-limit, limit).
   *
   * @param limit the bound, above 0
   */
  record Uniform(double limit) implements Initializer {}

  /** Returns the start at 0. */
  static Initializer zeros() {
    return new Constant(0);
  }

  /** Returns the start at 1. */
  static Initializer ones() {
    return new Constant(1);
  }

  /**
   * Returns the uniform start of Glorot and Bengio 2010, equation 16: limit sqrt(6 / (in + out)).
   *
   * @param fanIn values that one output reads, at least 1
   * @param fanOut values that read one input, at least 1
   */
  static Initializer glorot(int fanIn, int fanOut) {
    return new Uniform(Math.sqrt(6.0 / (fanIn + fanOut)));
  }
}
