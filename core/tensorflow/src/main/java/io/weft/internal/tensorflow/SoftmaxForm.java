package io.weft.internal.tensorflow;

import io.weft.spec.ImageSpec;
import java.util.Optional;
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
    return overImages(of(rows(output), tf.reshape(levels, tf.constant(new int[] {-1}))));
  }

  /**
   * By the operation that takes levels as they are, which TensorFlow Java has no gradient of: the
   * other one wants them one-hot, as large as the logits, and reads all of that.
   */
  @Override
  public Trained<T> trained(Operand<T> output, Operand<TInt32> levels) {
    var entropy =
        tf.nn.sparseSoftmaxCrossEntropyWithLogits(
            rows(output), tf.reshape(levels, tf.constant(new int[] {-1})));
    return new Trained<>(
        overImages(tf.math.neg(entropy.loss())),
        Optional.of(
            byNats -> {
              Operand<T> byLoss = tf.math.neg(tf.reshape(byNats, tf.constant(new int[] {-1, 1})));
              return output(tf.math.mul(byLoss, entropy.backprop()));
            }));
  }

  /** The logits of each colour value, [rows, levels]. */
  private Operand<T> rows(Operand<T> output) {
    Operand<T> logits = output;
    if (image.channels() > 1) {
      // Map k * channels + c is the logit of level k of channel c: bring the levels together.
      logits = exchanged(output, image.levels(), image.channels());
    }
    return tf.reshape(logits, tf.constant(new int[] {-1, image.levels()}));
  }

  /** What belongs to each logit, [rows, levels], where the network's output has that logit. */
  private Operand<T> output(Operand<T> rows) {
    Operand<T> maps = rows;
    if (image.channels() > 1) {
      maps = exchanged(rows, image.channels(), image.levels());
    }
    int[] sizes = {-1, image.height(), image.width(), image.channels() * image.levels()};
    return tf.reshape(maps, tf.constant(sizes));
  }

  private Operand<T> exchanged(Operand<T> value, int first, int second) {
    return tf.linalg.transpose(
        tf.reshape(value, tf.constant(new int[] {-1, first, second})),
        tf.constant(new int[] {0, 2, 1}));
  }

  private Operand<T> overImages(Operand<T> nats) {
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
