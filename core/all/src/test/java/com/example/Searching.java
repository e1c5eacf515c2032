package com.example;

import io.weft.expression.Expression;
import io.weft.expression.Initializer;
import io.weft.expression.Parameter;
import io.weft.expression.Shape;
import io.weft.expression.Span;
import io.weft.expression.Unary;
import io.weft.layer.Inputs;
import io.weft.layer.Layer;

/**
 * A user's own recurrence that attends: what it was above and before decides what it looks for in
 * its input. It follows any generation order.
 *
 * @param heads the heads of attention
 * @param span where it looks
 */
public record Searching(int heads, Span span) implements Layer {

  @Override
  public Shape shape(Inputs inputs) {
    return inputs.only();
  }

  @Override
  public Expression compute(Inputs inputs) {
    Shape own = inputs.only();
    int maps = own.maps();
    Parameter query = Parameter.weight("query", Initializer.glorot(maps, maps), maps, maps);
    Expression before = inputs.ownEarlier(own, -1, 0).plus(inputs.ownEarlier(own, 0, -1));
    Expression wanted = before.plus(inputs.read(0)).times(query);
    return inputs.attend(wanted, 0, 0, heads, span).plus(before).map(Unary.TANH);
  }
}
