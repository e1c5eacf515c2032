package io.weft.testing;

import io.weft.distribution.Distribution;
import io.weft.expression.Expression;
import io.weft.expression.Unary;
import io.weft.spec.ImageSpec;

/**
 * A distribution that Weft does not have: the mass of a level falls exponentially with its distance
 * from a location, which leans on the pixel's earlier channels.
 */
public record DiscreteLaplace() implements Distribution {
  @Override
  public int maps(ImageSpec image) {
    return 3 * image.channels();
  }

  @Override
  public boolean readsEarlierChannels() {
    return true;
  }

  @Override
  public Expression logits(ImageSpec image, int channel, Expression parameters) {
    Expression levels = Expression.constants(image.scaledLevels());
    Expression location = parameters.slice(0, 1);
    for (int c = 0; c < channel; c++) {
      location = location.plus(parameters.slice(2, 1).times(parameters.slice(3 + c, 1)));
    }
    Expression sharpness = parameters.slice(1, 1).map(Unary.EXP).repeated(levels.width());
    Expression distance = levels.minus(location.repeated(levels.width()));
    return distance.maximum(distance.map(Unary.NEGATE)).times(sharpness).map(Unary.NEGATE);
  }
}
