package io.weft.internal.tensorflow;

import io.weft.distribution.Distribution;
import io.weft.spec.ImageSpec;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * A distribution as TensorFlow operations: for any its {@linkplain Distribution#logits meaning},
 * lowered; for Weft's own a quicker form, which tests hold to the meaning.
 *
 * @param <T> the floating type
 */
interface DistributionForm<T extends TFloating> {

  /**
   * Returns the log-probability of every colour value in nats, [batch, height, width, channels].
   *
   * @param output the network's output, [batch, height, width, maps]
   * @param levels the image, [batch, height, width, channels], from 0
   */
  Operand<T> logLikelihood(Operand<T> output, Operand<TInt32> levels);

  /**
   * What is trained on.
   *
   * @param nats log-probabilities, as {@link #logLikelihood} gives them
   * @param byOutput where that is known, makes of a loss's derivative by them the one by the
   *     network's output; else TensorFlow finds it
   * @param <T> the floating type
   */
  record Trained<T extends TFloating>(
      Operand<T> nats, Optional<UnaryOperator<Operand<T>>> byOutput) {}

  /** Returns the log-probability of every colour value, to be trained on. */
  default Trained<T> trained(Operand<T> output, Operand<TInt32> levels) {
    return new Trained<>(logLikelihood(output, levels), Optional.empty());
  }

  /**
   * Returns the log masses of all levels up to a summand, [rows, levels].
   *
   * @param parameters the parameters of a channel's values, [rows, parameters]
   */
  Operand<T> logits(int channel, Operand<T> parameters);

  /** Returns the quickest form of a distribution. */
  static <T extends TFloating> DistributionForm<T> of(
      Ops tf, Class<T> type, ImageSpec image, Distribution distribution) {
    if (distribution instanceof Distribution.Softmax) {
      return new SoftmaxForm<>(tf, type, image);
    }
    if (distribution instanceof Distribution.Bernoulli) {
      return new BernoulliForm<>(tf, type);
    }
    if (distribution instanceof Distribution.LogisticMixture mixture) {
      return new LogisticMixtures<>(tf, type, image, mixture);
    }
    return new MeaningForm<>(tf, type, image, distribution);
  }
}
