package io.weft.internal.tensorflow.form;

import io.weft.layer.ShiftedConvolution;
import io.weft.layer.WeightNormalisation;
import io.weft.lower.LayerForm;
import io.weft.lower.Lowering;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/** A shifted convolution: padding, then a convolution of what lies within. */
public final class ShiftedConvolutionForm implements LayerForm<ShiftedConvolution> {

  @Override
  public Class<ShiftedConvolution> layer() {
    return ShiftedConvolution.class;
  }

  @Override
  public <T extends TFloating> Operand<T> lower(ShiftedConvolution layer, Lowering<T> lowering) {
    Ops tf = lowering.tf();
    Operand<T> x = lowering.input(0);
    int height = layer.kernelHeight();
    int width = layer.kernelWidth();
    int left = layer.direction().left(width);
    if (height * width > 1) {
      int[][] padding = {{0, 0}, {height - 1, 0}, {left, width - 1 - left}, {0, 0}};
      x = tf.pad(x, tf.constant(padding), lowering.scalar(0));
    }
    WeightNormalisation weights = layer.weights(lowering.inputs().shape(0).maps());
    List<Long> strides = List.of(1L, (long) layer.stride(), (long) layer.stride(), 1L);
    Operand<T> kernel = NormalisedKernel.of(weights, lowering);
    return NormalisedKernel.plusBias(weights, lowering, tf.nn.conv2d(x, kernel, strides, "VALID"));
  }
}
