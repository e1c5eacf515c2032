package io.weft.layer;

import io.weft.advice.Advice;
import io.weft.advice.AdvisedException;
import io.weft.expression.Expression;
import io.weft.expression.Shape;
import io.weft.expression.Unary;

/**
 * A layer that brings the maps of a position to mean 0 and variance 1: of all of them, or where
 * maps belong to colour channels, of those of each channel apart, so that no channel learns of a
 * later one. It looks at no other position, so it suits every generation order, and is the same in
 * training and after.
 */
public sealed interface MapNormalisation extends Layer
    permits LayerNormalisation, PositionalNormalisation {

  /** Returns what is added to the variance. */
  double epsilon();

  /** Returns the colour channels, map m belonging to channel m mod channels; 1 for no groups. */
  int channels();

  /** Returns the same layer with colour groups. */
  MapNormalisation withChannels(int count);

  @Override
  default Shape shape(Inputs inputs) {
    Shape in = inputs.only();
    if (in.maps() % channels() != 0) {
      throw new AdvisedException(
          "normalises the maps of "
              + channels()
              + " colour channels apart and needs a multiple of so many, found "
              + in.maps(),
          Advice.CHANGE_MAPS);
    }
    return in;
  }

  /** Returns the only input, normalised. */
  default Expression normalised(Inputs inputs) {
    inputs.exactly(1);
    Expression x = inputs.read(0);
    Expression centred = x.minus(x.mean(channels()));
    Expression variance = centred.map(Unary.SQUARE).mean(channels());
    return centred.times(variance.plus(variance.like((float) epsilon())).map(Unary.RSQRT));
  }
}
