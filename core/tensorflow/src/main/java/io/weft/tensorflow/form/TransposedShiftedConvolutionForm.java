package io.weft.tensorflow.form;

import io.weft.expression.Shape;
import io.weft.layer.TransposedShiftedConvolution;
import io.weft.layer.WeightNormalisation;
import io.weft.lower.LayerForm;
import io.weft.lower.Lowering;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
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
    Ops tf = lowering.tf();
    Operand<T> x = lowering.input(0);
    int stride = layer.stride();
    WeightNormalisation weights = layer.weights(lowering.inputShape(0).maps());
    // The transpose takes the kernel of the convolution that it undoes: its maps are the input's.
    Operand<T> kernel =
        tf.linalg.transpose(
            NormalisedKernel.of(weights, lowering), tf.constant(new int[] {0, 1, 3, 2}));
    Shape fine = lowering.shape();
    int height = (fine.height() + stride - 1) / stride * stride + layer.kernelHeight() - 1;
    int width = (fine.width() + stride - 1) / stride * stride + layer.kernelWidth() - 1;
    Operand<TInt32> batch =
        tf.slice(tf.shape(x), tf.constant(new int[] {0}), tf.constant(new int[] {1}));
    Operand<TInt32> sizes =
        tf.concat(
            List.of(batch, tf.constant(new int[] {height, width, layer.maps()})), tf.constant(0));
    List<Long> strides = List.of(1L, (long) stride, (long) stride, 1L);
    Operand<T> whole = tf.nn.conv2dBackpropInput(sizes, kernel, x, strides, "VALID");
    Operand<T> cropped =
        tf.slice(
            whole,
            tf.constant(new int[] {0, 0, layer.crop(), 0}),
            tf.constant(new int[] {-1, fine.height(), fine.width(), layer.maps()}));
    return NormalisedKernel.plusBias(weights, lowering, cropped);
  }
}
