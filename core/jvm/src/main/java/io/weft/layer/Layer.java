package io.weft.layer;

import io.weft.expression.Expression;
import io.weft.expression.Shape;
import io.weft.spec.DefinitionException;

/**
 * A layer: an immutable value (a record of hyper-parameters, without weights). From the two answers
 * below come the proof, training, scoring, incremental sampling, summary, drawing and saving; a
 * spatial layer may add {@code io.weft.lower.WholeImageForm}.
 *
 * <p>Both throw {@link IllegalArgumentException} where inputs do not fit; the error that reaches
 * the user is a {@link DefinitionException} that also names the layer.
 */
public interface Layer {

  /** Returns the shape of the output. */
  Shape shape(Inputs inputs);

  /** Returns what is computed at one position, as wide as the output has maps. */
  Expression compute(Inputs inputs);

  /** Returns what summaries and drawings say of the layer, a few words without line breaks. */
  default String summary() {
    return label();
  }

  /** Returns the word that names the layer's applications where the user gives no name. */
  default String label() {
    return getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
  }
}
