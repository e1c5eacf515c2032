package io.weft.internal.tensorflow;

import io.weft.spec.ImageSpec;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * One logit for each level: a single cross entropy over all channels.
 *
 * @param <T> the floating type
 */
record SoftmaxForm<T extends TFloating>(Ops tf, Class<T> type, ImageSpec image)
    implements DistributionForm<T> {

  @Override
  public Operand<T> logLikelihood(Operand<T> output, Operand<TInt32> levels) {
    Operand<T> logits = output;
    if (image.channels() > 1) {
      // Map k * channels + c is the logit of level k of channel c: bring the levels together.
      int[] sizes = {-1, image.levels(), image.channels()};
      logits =
          tf.linalg.transpose(
              tf.reshape(output, tf.constant(sizes)), tf.constant(new int[] {0, 2, 1}));
    }
    Operand<T> rows = tf.reshape(logits, tf.constant(new int[] {-1, image.levels()}));
    Operand<T> nats = of(rows, tf.reshape(levels, tf.constant(new int[] {-1})));
    return tf.reshape(
        nats, tf.constant(new int[] {-1, image.height(), image.width(), image.channels()}));
  }

  /**
   * Returns the log-probabilities of levels, [rows].
   *
   * @param logits [rows, levels]
   * @param levels [rows]
   */
  Operand<T> of(Operand<T> logits, Operand<TInt32> levels) {
    Operand<T> oneHot =
        tf.oneHot(levels, tf.constant(image.levels()), tf.constant(type, 1), tf.constant(type, 0));
    return tf.math.neg(tf.nn.softmaxCrossEntropyWithLogits(logits, oneHot).loss());
  }

  @Override
  public Operand<T> logits(int channel, Operand<T> parameters) {
    return parameters;
  }
}
