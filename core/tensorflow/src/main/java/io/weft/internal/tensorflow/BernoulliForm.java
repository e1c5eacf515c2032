package io.weft.internal.tensorflow;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * One logit l of level 1 against level 0: log sigmoid(l) for 1, log sigmoid(-l) for 0.
 *
 * @param <T> the floating type
 */
record BernoulliForm<T extends TFloating>(Ops tf, Class<T> type) implements DistributionForm<T> {

  @Override
  public Operand<T> logLikelihood(Operand<T> output, Operand<TInt32> levels) {
    return tf.math.sub(tf.math.mul(tf.dtypes.cast(levels, type), output), tf.math.softplus(output));
  }

  @Override
  public Operand<T> logits(int channel, Operand<T> parameters) {
    return tf.concat(List.of(tf.zerosLike(parameters), parameters), tf.constant(1));
  }
}
