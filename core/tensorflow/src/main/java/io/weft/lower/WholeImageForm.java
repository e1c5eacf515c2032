package io.weft.lower;

import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/**
 * A layer that knows a quicker way over whole images than its expression evaluated everywhere (a
 * convolution), or that differs in training (dropout, batch normalisation). In inference both must
 * give the same numbers.
 */
public interface WholeImageForm {

  /** Returns the output, [batch, height, width, maps]. */
  <T extends TFloating> Operand<T> lower(Lowering<T> lowering);
}
