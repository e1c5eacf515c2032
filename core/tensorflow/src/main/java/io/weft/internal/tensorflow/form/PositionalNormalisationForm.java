package io.weft.internal.tensorflow.form;

import io.weft.layer.PositionalNormalisation;
import io.weft.lower.LayerForm;
import io.weft.lower.Lowering;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/** Positional normalisation: means over the maps of each channel. */
public final class PositionalNormalisationForm implements LayerForm<PositionalNormalisation> {

  @Override
  public Class<PositionalNormalisation> layer() {
    return PositionalNormalisation.class;
  }

  @Override
  public <T extends TFloating> Operand<T> lower(
      PositionalNormalisation layer, Lowering<T> lowering) {
    return MapMoments.normalised(layer, lowering);
  }
}
