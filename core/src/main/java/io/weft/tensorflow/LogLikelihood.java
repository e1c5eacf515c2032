package io.weft.tensorflow;

import io.weft.graph.Distribution;
import io.weft.graph.ImageSpec;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * The log-likelihood of colour values under the distributions that a network's output describes.
 */
final class LogLikelihood {

  private LogLikelihood() {}

  /**
   * Returns the log-likelihood of every colour value, [batch, height, width, channels].
   *
   * @param output the network's output, [batch, height, width, maps]
   * @param levels the image, [batch, height, width, channels], from 0
   */
  static <T extends TFloating> Operand<T> of(
      Ops tf,
      Class<T> type,
      ImageSpec image,
      Distribution distribution,
      Operand<T> output,
      Operand<TInt32> levels) {
    if (distribution instanceof Distribution.LogisticMixture mixture) {
      return mixture(tf, type, image, mixture, output, levels);
    }
    return distribution instanceof Distribution.Bernoulli
        ? bernoulli(tf, type, output, levels)
        : softmax(tf, type, image, output, levels);
  }

  private static <T extends TFloating> Operand<T> mixture(
      Ops tf,
      Class<T> type,
      ImageSpec image,
      Distribution.LogisticMixture mixture,
      Operand<T> output,
      Operand<TInt32> levels) {
    int[] rows = {-1, mixture.maps(image)};
    int[] values = {-1, image.channels()};
    Operand<T> logs =
        new LogisticMixtures<>(tf, type, image, mixture)
            .logLikelihood(
                tf.reshape(output, tf.constant(rows)),
                tf.dtypes.cast(tf.reshape(levels, tf.constant(values)), type));
    return tf.reshape(
        logs, tf.constant(new int[] {-1, image.height(), image.width(), image.channels()}));
  }

  private static <T extends TFloating> Operand<T> softmax(
      Ops tf, Class<T> type, ImageSpec image, Operand<T> output, Operand<TInt32> levels) {
    Operand<T> logits = output;
    if (image.channels() > 1) {
      // Map k * channels + c is the logit of level k of channel c: bring the levels together.
      int[] sizes = {-1, image.levels(), image.channels()};
      logits =
          tf.linalg.transpose(
              tf.reshape(output, tf.constant(sizes)), tf.constant(new int[] {0, 2, 1}));
    }
    Operand<T> rows = tf.reshape(logits, tf.constant(new int[] {-1, image.levels()}));
    Operand<T> oneHot =
        tf.oneHot(
            tf.reshape(levels, tf.constant(new int[] {-1})),
            tf.constant(image.levels()),
            tf.constant(type, 1),
            tf.constant(type, 0));
    Operand<T> logs = tf.math.neg(tf.nn.softmaxCrossEntropyWithLogits(rows, oneHot).loss());
    return tf.reshape(
        logs, tf.constant(new int[] {-1, image.height(), image.width(), image.channels()}));
  }

  /** log sigmoid(l) for 1, log sigmoid(-l) for 0. */
  private static <T extends TFloating> Operand<T> bernoulli(
      Ops tf, Class<T> type, Operand<T> logits, Operand<TInt32> levels) {
    return tf.math.sub(tf.math.mul(tf.dtypes.cast(levels, type), logits), tf.math.softplus(logits));
  }
}
