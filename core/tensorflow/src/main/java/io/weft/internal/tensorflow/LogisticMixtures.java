package io.weft.internal.tensorflow;

import io.weft.distribution.Distribution.LogisticMixture;
import io.weft.spec.ImageSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.ReduceMax;
import org.tensorflow.op.core.ReduceSum;
import org.tensorflow.op.core.Squeeze;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * Log masses of discretised logistic mixtures as TensorFlow operations, all of which have right
 * gradients in either floating type and sizes that do not change.
 *
 * <p>A logistic has between z and z + w the mass sigmoid(z + w) sigmoid(-z) (1 - e^-w): a product,
 * whose logarithm is exact in both tails, where the difference of two sigmoids is not. It needs no
 * threshold and no branch.
 *
 * @param <T> the floating type
 */
final class LogisticMixtures<T extends TFloating> implements DistributionForm<T> {

  private final Ops tf;
  private final Class<T> type;
  private final ImageSpec image;
  private final LogisticMixture mixture;

  LogisticMixtures(Ops tf, Class<T> type, ImageSpec image, LogisticMixture mixture) {
    this.tf = tf;
    this.type = type;
    this.image = image;
    this.mixture = mixture;
  }

  @Override
  public Operand<T> logLikelihood(Operand<T> output, Operand<TInt32> levels) {
    int[] rows = {-1, mixture.maps(image)};
    int[] values = {-1, image.channels()};
    Operand<T> nats =
        ofPixels(
            tf.reshape(output, tf.constant(rows)),
            tf.dtypes.cast(tf.reshape(levels, tf.constant(values)), type));
    return tf.reshape(
        nats, tf.constant(new int[] {-1, image.height(), image.width(), image.channels()}));
  }

  /**
   * Returns the log-likelihood of every colour value under the earlier ones, [rows, channels].
   *
   * @param parameters of pixels, [rows, maps]
   * @param levels of the same pixels, [rows, channels]
   */
  private Operand<T> ofPixels(Operand<T> parameters, Operand<T> levels) {
    List<Operand<T>> values =
        IntStream.range(0, image.channels()).mapToObj(c -> scaled(columns(levels, c, 1))).toList();
    Operand<T> joint = columns(parameters, 0, mixture.components());
    Operand<T> before = logSumExp(joint);
    List<Operand<T>> logs = new ArrayList<>();
    for (int c = 0; c < image.channels(); c++) {
      joint = tf.math.add(joint, componentsOf(parameters, c, values, columns(levels, c, 1)));
      Operand<T> with = logSumExp(joint);
      logs.add(tf.math.sub(with, before));
      before = with;
    }
    return logs.size() == 1 ? logs.get(0) : tf.concat(logs, tf.constant(1));
  }

  @Override
  public Operand<T> logits(int channel, Operand<T> parameters) {
    int own = mixture.firstMap(channel + 1);
    List<Operand<T>> values =
        IntStream.range(0, channel).mapToObj(c -> columns(parameters, own + c, 1)).toList();
    Operand<T> weights = columns(parameters, 0, mixture.components());
    for (int c = 0; c < channel; c++) {
      weights = tf.math.add(weights, componentsOf(parameters, c, values, level(values.get(c))));
    }
    float[] all = new float[image.levels()];
    for (int v = 0; v < all.length; v++) {
      all[v] = v;
    }
    Operand<T> levels = tf.dtypes.cast(tf.constant(all), type);
    Operand<T> masses =
        logMass(
            tf.expandDims(mean(parameters, channel, values), tf.constant(2)),
            tf.expandDims(logScale(parameters, channel), tf.constant(2)),
            levels);
    Operand<T> joint = tf.math.add(tf.expandDims(weights, tf.constant(2)), masses);
    return tf.squeeze(logSumExp(joint), Squeeze.axis(List.of(1L)));
  }

  /** Returns the log mass of a channel's level in each component, [rows, components]. */
  private Operand<T> componentsOf(
      Operand<T> parameters, int channel, List<Operand<T>> values, Operand<T> level) {
    return logMass(mean(parameters, channel, values), logScale(parameters, channel), level);
  }

  private Operand<T> mean(Operand<T> parameters, int channel, List<Operand<T>> values) {
    int components = mixture.components();
    int first = mixture.firstMap(channel);
    Operand<T> mean = columns(parameters, first, components);
    for (int c = 0; c < channel; c++) {
      Operand<T> coefficients = columns(parameters, first + (2 + c) * components, components);
      mean = tf.math.add(mean, tf.math.mul(tf.math.tanh(coefficients), values.get(c)));
    }
    return mean;
  }

  private Operand<T> logScale(Operand<T> parameters, int channel) {
    int components = mixture.components();
    Operand<T> given = columns(parameters, mixture.firstMap(channel) + components, components);
    return tf.math.minimum(
        tf.math.maximum(given, number(LogisticMixture.LEAST_LOG_SCALE)),
        number(LogisticMixture.LARGEST_LOG_SCALE));
  }

  /** The log mass of a level; all three are spread over one another. */
  private Operand<T> logMass(Operand<T> mean, Operand<T> logScale, Operand<T> level) {
    Operand<T> sharpness = tf.math.exp(tf.math.neg(logScale));
    Operand<T> below = tf.math.mul(tf.math.sub(bound(level, -1), mean), sharpness);
    Operand<T> above = tf.math.mul(tf.math.sub(bound(level, 1), mean), sharpness);
    Operand<T> bounded = flag(tf.math.greater(level, number(0)));
    Operand<T> bounding = flag(tf.math.less(level, number(image.levels() - 1)));
    Operand<T> sides =
        tf.math.add(
            tf.math.mul(bounding, tf.math.softplus(tf.math.neg(above))),
            tf.math.mul(bounded, tf.math.softplus(below)));
    return tf.math.sub(tf.math.mul(tf.math.mul(bounded, bounding), logWithin(sharpness)), sides);
  }

  /**
   * The logarithm of 1 - e^-w, w being a level's width in units of the scale: with t = tanh(w / 2)
   * it is log(2 t / (1 + t)), which is as exact for the least w as for the largest.
   */
  private Operand<T> logWithin(Operand<T> sharpness) {
    Operand<T> t = tf.math.tanh(tf.math.mul(sharpness, number(1.0 / (image.levels() - 1))));
    return tf.math.sub(
        tf.math.add(tf.math.log(t), number(StrictMath.log(2))),
        tf.math.log(tf.math.add(t, number(1))));
  }

  /** Halfway from a level to the next (1) or the one before (-1). One number for both its sides. */
  private Operand<T> bound(Operand<T> level, int side) {
    Operand<T> odd = tf.math.add(tf.math.mul(level, number(2)), number(side));
    return tf.math.sub(tf.math.div(odd, number(image.levels() - 1)), number(1));
  }

  private Operand<T> scaled(Operand<T> level) {
    return tf.math.sub(
        tf.math.div(tf.math.mul(level, number(2)), number(image.levels() - 1)), number(1));
  }

  private Operand<T> level(Operand<T> scaled) {
    return tf.math.rint(
        tf.math.mul(tf.math.add(scaled, number(1)), number((image.levels() - 1) / 2.0)));
  }

  private Operand<T> flag(Operand<TBool> condition) {
    return tf.dtypes.cast(condition, type);
  }

  private Operand<T> number(double value) {
    return tf.constant(type, value);
  }

  private Operand<T> columns(Operand<T> rows, int from, int count) {
    return tf.slice(rows, tf.constant(new int[] {0, from}), tf.constant(new int[] {-1, count}));
  }

  /** Over axis 1, along which the components lie; it stays, with size 1. */
  private Operand<T> logSumExp(Operand<T> logs) {
    Operand<T> largest =
        tf.stopGradient(tf.reduceMax(logs, tf.constant(1), ReduceMax.keepDims(true)));
    Operand<T> sum =
        tf.reduceSum(
            tf.math.exp(tf.math.sub(logs, largest)), tf.constant(1), ReduceSum.keepDims(true));
    return tf.math.add(tf.math.log(sum), largest);
  }
}
