package com.example;

import io.weft.expression.Expression;
import io.weft.expression.Shape;
import io.weft.layer.Inputs;
import io.weft.layer.Layer;
import java.util.ArrayList;
import java.util.List;

/**
 * A user's own recurrence that follows any generation order: each map half of its mean over what
 * the layer itself gave at those of the eight neighbours that are earlier, plus the input.
 */
public record EarlierSum() implements Layer {

  @Override
  public Shape shape(Inputs inputs) {
    return inputs.only();
  }

  @Override
  public Expression compute(Inputs inputs) {
    Shape own = inputs.only();
    List<Expression> neighbours = new ArrayList<>();
    for (int place = 0; place < 9; place++) {
      if (place != 4) {
        neighbours.add(inputs.ownEarlier(own, place / 3 - 1, place % 3 - 1));
      }
    }
    Expression mean = Expression.concat(neighbours).mean(own.maps()).slice(0, own.maps());
    return inputs.read(0).plus(mean.times(mean.like(0.5f)));
  }
}
