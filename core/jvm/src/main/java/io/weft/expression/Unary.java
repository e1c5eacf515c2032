package io.weft.expression;

/** The elementwise functions of one value. */
public enum Unary {
  /** -x. */
  NEGATE,
  /** e to the x. */
  EXP,
  /** Natural logarithm. */
  LOG,
  /** Hyperbolic tangent. */
  TANH,
  /** 1 / (1 + e^-x). */
  SIGMOID,
  /** max(x, 0). */
  RELU,
  /** x where positive, else e^x - 1 (Clevert et al. 2015). */
  ELU,
  /** log(1 + e^x). */
  SOFTPLUS,
  /** x squared. */
  SQUARE,
  /** Square root. */
  SQRT,
  /** 1 / square root. */
  RSQRT;

  /** Returns the function's value at {@code x}, in double precision. */
  public double apply(double x) {
    return switch (this) {
      case NEGATE -> -x;
      case EXP -> Math.exp(x);
      case LOG -> Math.log(x);
      case TANH -> Math.tanh(x);
      case SIGMOID -> 1 / (1 + Math.exp(-x));
      case RELU -> Math.max(x, 0);
      case ELU -> x > 0 ? x : Math.expm1(x);
      case SOFTPLUS -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
      case SQUARE -> x * x;
      case SQRT -> Math.sqrt(x);
      case RSQRT -> 1 / Math.sqrt(x);
    };
  }
}
