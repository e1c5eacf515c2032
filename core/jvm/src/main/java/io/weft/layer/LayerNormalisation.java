package io.weft.layer;

import io.weft.expression.Expression;
import io.weft.expression.Initializer;
import io.weft.expression.Parameter;
import io.weft.expression.Shape;

/**
 * Layer normalisation (Ba, Kiros and Hinton 2016, arXiv 1607.06450, equations 3 and 4) of each
 * position by itself, as transformers have it: its maps to mean 0 and variance 1, then scaled and
 * moved by learned amounts. It looks at no other position and no other image, so it suits every
 * generation order, and is the same in training and after.
 *
 * <p>Where maps belong to colour channels, those of one channel are normalised together and no
 * channel learns of a later one; the maps are then a multiple of the channels. Without such groups
 * a position's colours would see each other, and the causality proof refuses that.
 *
 * @param epsilon added to the variance, above 0
 * @param channels colour channels, map m belonging to channel m mod channels; 1 for no groups
 */
public record LayerNormalisation(double epsilon, int channels) implements MapNormalisation {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a number is outside its range
   */
  public LayerNormalisation {
    if (!(epsilon > 0) || channels < 1) {
      throw new IllegalArgumentException(
          "layer normalisation needs an epsilon above 0 and at least one channel, found "
              + epsilon
              + " and "
              + channels);
    }
  }

  /** Returns the layer with epsilon 1e-5 and without colour groups. */
  public static LayerNormalisation standard() {
    return new LayerNormalisation(1e-5, 1);
  }

  @Override
  public LayerNormalisation withChannels(int count) {
    return new LayerNormalisation(epsilon, count);
  }

  @Override
  public Expression compute(Inputs inputs) {
    Shape in = inputs.only();
    return normalised(inputs)
        .times(Expression.vector(Parameter.offset("scale", Initializer.ones(), in.maps())))
        .plus(Expression.vector(Parameter.offset("bias", Initializer.zeros(), in.maps())));
  }

  @Override
  public String label() {
    return "layer-norm";
  }
}
