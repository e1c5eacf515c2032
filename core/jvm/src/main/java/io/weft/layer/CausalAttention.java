package io.weft.layer;

import io.weft.expression.Expression;
import io.weft.expression.Shape;
import io.weft.expression.Span;
import java.util.Objects;

/**
 * Attention of each position to others by their place in the generation order, whatever that is
 * (PixelSNAIL, Chen et al. 2017, section 2.2): of each head softmax(q . k / sqrt(d)) times the
 * values, d maps of the head's key. Where there is nothing to attend to, the result is 0. The layer
 * has no parameters: project what it takes as you like.
 *
 * <p>Inputs are the queries, the keys, with as many maps, and the values, all on one grid; the
 * result has as many maps as the values. What the keys and values see of their own pixel decides
 * which span is causal: those that see it need {@link Span#EARLIER}.
 *
 * @param heads into how many equal parts queries, keys and values are cut, each attending for
 *     itself
 * @param span what is attended to
 */
public record CausalAttention(int heads, Span span) implements Layer {

  /** Checks the hyper-parameters. */
  public CausalAttention {
    Objects.requireNonNull(span, "span");
    if (heads < 1) {
      throw new IllegalArgumentException("attention has at least one head, found " + heads);
    }
  }

  /** Returns the same to other positions. */
  public CausalAttention to(Span other) {
    return new CausalAttention(heads, other);
  }

  @Override
  public Shape shape(Inputs inputs) {
    Shape queries = inputs.exactly(3).shape(0);
    for (int i = 1; i < 3; i++) {
      if (!inputs.shape(i).sameGrid(queries)) {
        throw new IllegalArgumentException(
            "takes queries, keys and values of one height and width, found " + inputs.shapes());
      }
    }
    return queries.withMaps(inputs.shape(2).maps());
  }

  @Override
  public Expression compute(Inputs inputs) {
    return inputs.attend(inputs.read(0, 0, 0), 1, 2, heads, span);
  }
}
