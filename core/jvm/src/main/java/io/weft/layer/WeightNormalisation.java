package io.weft.layer;

import io.weft.expression.Expression;
import io.weft.expression.Initializer;
import io.weft.expression.Parameter;

/**
 * Weight normalisation (Salimans and Kingma 2016, arXiv 1602.07868): a product with w = g V / |V|
 * for each output map, plus a bias, where direction V and length g are learned apart. Before the
 * first training step g and the bias are set so that on its examples every output map has mean 0
 * and a given standard deviation (section 3).
 *
 * <p>For authors of layers: {@link #of} is the expression; a whole-image form multiplies the
 * direction by the {@link #factor} and adds the {@link #bias}.
 *
 * @param direction V, whose columns are the output maps
 * @param deviation the standard deviation of the output at the start, above 0
 */
public record WeightNormalisation(Parameter direction, double deviation) {

  /** The standard deviation that V is drawn with. */
  private static final double SPREAD = 0.05;

  /**
   * Checks the deviation.
   *
   * @throws IllegalArgumentException if it is not above 0 and finite
   */
  public WeightNormalisation {
    if (!(deviation > 0 && Double.isFinite(deviation))) {
      throw new IllegalArgumentException(
          "a standard deviation is above 0 and finite, found " + deviation);
    }
  }

  /**
   * Returns the normalisation of a new matrix named "direction", V ~ N(0, 0.05).
   *
   * @param dimensions sizes of V; the last one is the number of output maps
   */
  public static WeightNormalisation of(double deviation, Integer... dimensions) {
    Initializer normal = new Initializer.Normal(SPREAD);
    return new WeightNormalisation(Parameter.weight("direction", normal, dimensions), deviation);
  }

  private int maps() {
    return direction.columns();
  }

  /** Returns g / |V|, a factor for each output map. */
  public Expression factor() {
    var start = new Initializer.OutputDeviation(deviation);
    return Expression.vector(Parameter.offset("scale", start, maps()))
        .dividedBy(Expression.columnNorms(direction));
  }

  /** Returns the bias of each output map. */
  public Expression bias() {
    return Expression.vector(Parameter.offset("bias", new Initializer.OutputMean(), maps()));
  }

  /**
   * Returns {@code x} times the normalised matrix, plus the bias.
   *
   * @param x a vector as wide as V has rows
   */
  public Expression of(Expression x) {
    return x.times(direction).times(factor()).plus(bias());
  }
}
