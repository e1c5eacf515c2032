package io.weft.layer;

import io.weft.expression.Expression;

/**
 * Positional normalisation (Li et al. 2019, arXiv 1907.04312) without an affine part, as locally
 * masked PixelCNN has it: at every position the maps to mean 0 and variance 1. It looks at no other
 * position, so it suits every generation order, and is the same in training and after.
 *
 * <p>Where maps belong to colour channels, those of one channel are normalised together and no
 * channel learns of a later one; the maps are then a multiple of the channels.
 *
 * @param epsilon added to the variance, above 0
 * @param channels colour channels, map m belonging to channel m mod channels; 1 for no groups
 */
public record PositionalNormalisation(double epsilon, int channels) implements MapNormalisation {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a number is outside its range
   */
  public PositionalNormalisation {
    if (!(epsilon > 0) || channels < 1) {
      throw new IllegalArgumentException(
          "positional normalisation needs an epsilon above 0 and at least one channel, found "
              + epsilon
              + " and "
              + channels);
    }
  }

  /** Returns the layer with epsilon 1e-5 and without colour groups. */
  public static PositionalNormalisation standard() {
    return new PositionalNormalisation(1e-5, 1);
  }

  @Override
  public PositionalNormalisation withChannels(int count) {
    return new PositionalNormalisation(epsilon, count);
  }

  @Override
  public Expression compute(Inputs inputs) {
    return normalised(inputs);
  }

  @Override
  public String label() {
    return "positional-norm";
  }
}
