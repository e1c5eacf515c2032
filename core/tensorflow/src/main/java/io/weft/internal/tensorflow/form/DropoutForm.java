package io.weft.internal.tensorflow.form;

import io.weft.layer.Dropout;
import io.weft.lower.LayerForm;
import io.weft.lower.Lowering;
import io.weft.lower.Phase;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/** Dropout: a draw for each value in training, nothing otherwise. */
public final class DropoutForm implements LayerForm<Dropout> {

  @Override
  public Class<Dropout> layer() {
    return Dropout.class;
  }

  @Override
  public <T extends TFloating> Operand<T> lower(Dropout dropout, Lowering<T> lowering) {
    Operand<T> x = lowering.input(0);
    double rate = dropout.rate();
    if (lowering.phase() == Phase.INFERENCE || rate == 0) {
      return x;
    }
    Ops tf = lowering.tf();
    Operand<T> kept =
        tf.dtypes.cast(
            tf.math.greaterEqual(lowering.uniform(x), lowering.scalar(rate)), lowering.type());
    return tf.math.mul(x, tf.math.mul(kept, lowering.scalar(1 / (1 - rate))));
  }
}
