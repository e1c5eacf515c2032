package io.weft.internal.tensorflow.form;

import io.weft.layer.TransposedShiftedConvolution;
import io.weft.layer.WeightNormalisation;
import io.weft.lower.LayerForm;
import io.weft.lower.Lowering;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/** The transpose of a strided shifted convolution, cropped. */
public final class TransposedShiftedConvolutionForm
    implements LayerForm<TransposedShiftedConvolution> {

  @Override
  public Class<TransposedShiftedConvolution> layer() {
    return TransposedShiftedConvolution.class;
  }

  @Override
  public <T extends TFloating> Operand<T> lower(
      TransposedShiftedConvolution layer, Lowering<T> lowering) {
    WeightNormalisation weights = layer.weights(lowering.inputs().shape(0).maps());
    Operand<T> cropped =
        Transposed.of(
            lowering,
            NormalisedKernel.of(weights, lowering),
            layer.kernelHeight(),
            layer.kernelWidth(),
            layer.stride(),
            0,
            layer.crop());
    return NormalisedKernel.plusBias(weights, lowering, cropped);
  }
}
