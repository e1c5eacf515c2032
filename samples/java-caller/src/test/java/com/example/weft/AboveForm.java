package com.example.weft;

import io.weft.expression.Shape;
import io.weft.lower.LayerForm;
import io.weft.lower.Lowering;
import java.util.concurrent.atomic.AtomicInteger;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/** {@link Above} over whole images: padded at the top, and cropped. Found as a service. */
public final class AboveForm implements LayerForm<Above> {

  /** How often it was asked for. */
  static final AtomicInteger USES = new AtomicInteger();

  @Override
  public Class<Above> layer() {
    return Above.class;
  }

  @Override
  public <T extends TFloating> Operand<T> lower(Above layer, Lowering<T> lowering) {
    USES.incrementAndGet();
    Ops tf = lowering.tf();
    Shape shape = lowering.inputs().only();
    Operand<T> padded =
        tf.pad(
            lowering.input(0),
            tf.constant(new int[][] {{0, 0}, {layer.rows(), 0}, {0, 0}, {0, 0}}),
            lowering.scalar(0));
    return tf.slice(
        padded,
        tf.constant(new int[4]),
        tf.constant(new int[] {-1, shape.height(), shape.width(), shape.maps()}));
  }
}
