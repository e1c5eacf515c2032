package io.weft.internal.tensorflow.form;

import io.weft.layer.Convolution;
import io.weft.lower.LayerForm;
import io.weft.lower.Lowering;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/** A convolution on all sides, of the whole kernel. */
public final class UnmaskedConvolutionForm implements LayerForm<Convolution> {

  @Override
  public Class<Convolution> layer() {
    return Convolution.class;
  }

  @Override
  public <T extends TFloating> Operand<T> lower(Convolution layer, Lowering<T> lowering) {
    int height = layer.kernelHeight();
    int width = layer.kernelWidth();
    return new KernelConvolution<>(
            lowering,
            lowering.parameter("kernel"),
            height * width,
            lowering.inputs().shape(0).maps(),
            layer.maps())
        .over(
            lowering.input(0),
            new KernelConvolution.Box(height, width, height / 2, width / 2),
            1,
            lowering.parameter("bias"));
  }
}
