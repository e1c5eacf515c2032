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

  /** Returns the function's value at {@code x}, in double precision, the same on every machine. */
  public double apply(double x) {
    return switch (this) {
      case NEGATE -> -x;
      case EXP -> StrictMath.exp(x);
      case LOG -> StrictMath.log(x);
      case TANH -> StrictMath.tanh(x);
      case SIGMOID -> 1 / (1 + StrictMath.exp(-x));
      case RELU -> Math.max(x, 0);
      case ELU -> x > 0 ? x : StrictMath.expm1(x);
      case SOFTPLUS -> Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
      case SQUARE -> x * x;
      case SQRT -> Math.sqrt(x);
      case RSQRT -> 1 / Math.sqrt(x);
    };
  }
}
