package io.weft.internal.tensorflow.form;

import io.weft.layer.TransposedConvolution;
import io.weft.lower.LayerForm;
import io.weft.lower.Lowering;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/** A transposed convolution, cropped to its grid. */
public final class TransposedConvolutionForm implements LayerForm<TransposedConvolution> {

  @Override
  public Class<TransposedConvolution> layer() {
    return TransposedConvolution.class;
  }

  @Override
  public <T extends TFloating> Operand<T> lower(TransposedConvolution layer, Lowering<T> lowering) {
    Ops tf = lowering.tf();
    int size = layer.kernel();
    Operand<T> kernel =
        tf.reshape(
            lowering.parameter("kernel"),
            tf.constant(new int[] {size, size, lowering.inputs().shape(0).maps(), layer.maps()}));
    return tf.math.add(
        Transposed.of(lowering, kernel, size, size, layer.stride(), layer.before(), layer.before()),
        lowering.parameter("bias"));
  }
}
