package io.weft.layer;

import io.weft.expression.Expression;
import io.weft.expression.Initializer;
import io.weft.expression.Parameter;
import io.weft.expression.Shape;
import io.weft.expression.Unary;

/**
 * Batch normalisation (Ioffe and Szegedy 2015): each map to mean 0 and variance 1, then scaled and
 * moved by learned amounts. Training measures over the batch and all positions and keeps running
 * averages; scoring and sampling use those. Of the model's first steps they are the exact means,
 * until a mean of so many would keep more than the momentum does: where they start is forgotten in
 * the first step.
 *
 * <p>While training, the measured mean ties all pixels of a batch together, the future ones too.
 * The causality proof therefore speaks, here as everywhere, of the model that scores and samples.
 *
 * @param momentum how much of the running averages a step keeps at most, in [0, 1)
 * @param epsilon added to the variance, above 0
 */
public record BatchNormalisation(double momentum, double epsilon) implements Layer {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a number is outside its range
   */
  public BatchNormalisation {
    if (!(momentum >= 0 && momentum < 1) || !(epsilon > 0)) {
      throw new IllegalArgumentException(
          "batch normalisation needs a momentum in [0, 1) and an epsilon above 0, found "
              + momentum
              + " and "
              + epsilon);
    }
  }

  /** Returns the layer with momentum 0.99 and epsilon 1e-3. */
  public static BatchNormalisation standard() {
    return new BatchNormalisation(0.99, 1e-3);
  }

  @Override
  public Shape shape(Inputs inputs) {
    return inputs.only();
  }

  private static Parameter mean(int maps) {
    return Parameter.statistic("mean", Initializer.zeros(), maps);
  }

  private static Parameter variance(int maps) {
    return Parameter.statistic("variance", Initializer.ones(), maps);
  }

  private static Parameter scale(int maps) {
    return Parameter.offset("scale", Initializer.ones(), maps);
  }

  private static Parameter bias(int maps) {
    return Parameter.offset("bias", Initializer.zeros(), maps);
  }

  @Override
  public Expression compute(Inputs inputs) {
    int maps = inputs.only().maps();
    Expression variance = Expression.vector(variance(maps));
    Expression factor =
        variance
            .plus(variance.like((float) epsilon))
            .map(Unary.RSQRT)
            .times(Expression.vector(scale(maps)));
    return inputs
        .read(0)
        .minus(Expression.vector(mean(maps)))
        .times(factor)
        .plus(Expression.vector(bias(maps)));
  }

  @Override
  public String label() {
    return "batch-norm";
  }
}
