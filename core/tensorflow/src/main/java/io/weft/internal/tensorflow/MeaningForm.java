package io.weft.internal.tensorflow;

import io.weft.distribution.Distribution;
import io.weft.expression.Parameter;
import io.weft.expression.Shape;
import io.weft.internal.distribution.ValueDistribution;
import io.weft.order.GenerationOrder;
import io.weft.spec.ImageSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * A distribution as its logits in the expression language say, whichever it is.
 *
 * @param <T> the floating type
 */
final class MeaningForm<T extends TFloating> implements DistributionForm<T> {

  private final Ops tf;
  private final Class<T> type;
  private final ImageSpec image;
  private final int maps;
  private final List<ValueDistribution> channels;

  MeaningForm(Ops tf, Class<T> type, ImageSpec image, Distribution distribution) {
    this.tf = tf;
    this.type = type;
    this.image = image;
    this.maps = distribution.maps(image);
    this.channels =
        IntStream.range(0, image.channels())
            .mapToObj(c -> ValueDistribution.of(distribution, image, c))
            .toList();
  }

  @Override
  public Operand<T> logLikelihood(Operand<T> output, Operand<TInt32> levels) {
    Operand<T> pixels = tf.reshape(output, tf.constant(new int[] {-1, maps}));
    Operand<TInt32> values = tf.reshape(levels, tf.constant(new int[] {-1, image.channels()}));
    Operand<T> scaled = tf.gather(constant(image.scaledLevels()), values, tf.constant(0));
    SoftmaxForm<T> softmax = new SoftmaxForm<>(tf, type, image);
    List<Operand<T>> nats = new ArrayList<>();
    for (int c = 0; c < image.channels(); c++) {
      Operand<T> logits = logits(c, parameters(channels.get(c), pixels, scaled));
      Operand<TInt32> own = tf.gather(values, tf.constant(c), tf.constant(1));
      nats.add(tf.expandDims(softmax.of(logits, own), tf.constant(1)));
    }
    return tf.reshape(
        nats.size() == 1 ? nats.get(0) : tf.concat(nats, tf.constant(1)),
        tf.constant(new int[] {-1, image.height(), image.width(), image.channels()}));
  }

  private Operand<T> parameters(ValueDistribution value, Operand<T> pixels, Operand<T> scaled) {
    List<Operand<T>> parts = new ArrayList<>();
    if (!value.maps().isEmpty()) {
      parts.add(columns(pixels, value.maps().stream().mapToInt(m -> m).toArray()));
    }
    if (value.earlier() > 0) {
      parts.add(columns(scaled, IntStream.range(0, value.earlier()).toArray()));
    }
    return parts.size() == 1 ? parts.get(0) : tf.concat(parts, tf.constant(1));
  }

  private Operand<T> columns(Operand<T> rows, int[] columns) {
    return tf.gather(rows, tf.constant(columns), tf.constant(1));
  }

  @Override
  public Operand<T> logits(int channel, Operand<T> parameters) {
    ValueDistribution value = channels.get(channel);
    Shape given = new Shape(1, 1, value.parameters());
    Operand<TInt32> rows =
        tf.squeeze(
            tf.slice(tf.shape(parameters), tf.constant(new int[] {0}), tf.constant(new int[] {1})));
    Operand<T> position =
        tf.reshape(parameters, tf.constant(new int[] {-1, 1, 1, value.parameters()}));
    Operand<T> logits =
        new ExpressionLowering<>(new OnePosition(position), List.of(given), rows)
            .run(value.logits());
    return tf.reshape(logits, tf.constant(new int[] {-1, image.levels()}));
  }

  private Operand<T> constant(float[] values, long... sizes) {
    long[] shape = sizes.length == 0 ? new long[] {values.length} : sizes;
    return tf.dtypes.cast(
        tf.constant(org.tensorflow.ndarray.Shape.of(shape), DataBuffers.of(values, true, false)),
        type);
  }

  /** The parameters of each row, as the only position of a feature. */
  private final class OnePosition implements Surroundings<T> {
    private final Operand<T> parameters;

    OnePosition(Operand<T> parameters) {
      this.parameters = parameters;
    }

    @Override
    public Ops tf() {
      return tf;
    }

    @Override
    public Shape shape() {
      return new Shape(1, 1, image.levels());
    }

    @Override
    public Operand<T> input(int index) {
      return parameters;
    }

    @Override
    public Operand<T> parameter(Parameter parameter) {
      throw new IllegalArgumentException(
          "a distribution has no learned parameters, found \"" + parameter.name() + "\"");
    }

    @Override
    public Operand<T> constant(float[] values, long... sizes) {
      return MeaningForm.this.constant(values, sizes);
    }

    @Override
    public Operand<T> scalar(double value) {
      return tf.constant(type, value);
    }

    @Override
    public Operand<T> earlier(int rows, int columns) {
      throw onePosition();
    }

    @Override
    public List<GenerationOrder> orders() {
      throw onePosition();
    }

    @Override
    public Operand<TInt32> numbersPerOrder(int[][] values) {
      throw onePosition();
    }

    private static IllegalArgumentException onePosition() {
      return new IllegalArgumentException("a distribution reads one position, not others");
    }
  }
}
