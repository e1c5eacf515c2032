package io.weft.lower;

import io.weft.layer.Layer;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/**
 * The whole-image form of layers that know nothing of TensorFlow themselves; a layer that does may
 * be a {@link WholeImageForm} itself, and then needs none of these.
 *
 * <p>Forms are services ({@link java.util.ServiceLoader}): what comes with a layer names its form
 * in {@code META-INF/services/io.weft.lower.LayerForm}. Each has a public constructor without
 * arguments, and belongs to one class of layers. In inference it gives the same numbers as the
 * layer's expression.
 *
 * @param <L> the layers
 */
public interface LayerForm<L extends Layer> {

  /** Returns the class of the layers. */
  Class<L> layer();

  /** Returns the output of {@code layer}, [batch, height, width, maps]. */
  <T extends TFloating> Operand<T> lower(L layer, Lowering<T> lowering);
}
