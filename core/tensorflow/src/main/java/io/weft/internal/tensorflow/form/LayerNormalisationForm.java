package io.weft.internal.tensorflow.form;

import io.weft.layer.LayerNormalisation;
import io.weft.lower.LayerForm;
import io.weft.lower.Lowering;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/** Layer normalisation: means over the maps of each channel, then its scale and bias. */
public final class LayerNormalisationForm implements LayerForm<LayerNormalisation> {

  @Override
  public Class<LayerNormalisation> layer() {
    return LayerNormalisation.class;
  }

  @Override
  public <T extends TFloating> Operand<T> lower(LayerNormalisation layer, Lowering<T> lowering) {
    Ops tf = lowering.tf();
    Operand<T> scaled =
        tf.math.mul(MapMoments.normalised(layer, lowering), lowering.parameter("scale"));
    return tf.math.add(scaled, lowering.parameter("bias"));
  }
}
