package io.weft.internal.tensorflow;

import io.weft.expression.PositionMap;
import io.weft.order.GenerationOrder;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * The generation orders that a TensorFlow graph can be run under. What differs between them is a
 * constant each, so that one graph serves all; a run feeds the number of its order.
 *
 * @param orders the orders, at least one
 * @param number the number of the run's order among them, a scalar; none where there is but one
 */
record OrderChoice(List<GenerationOrder> orders, Optional<Operand<TInt32>> number) {

  OrderChoice {
    orders = List.copyOf(orders);
  }

  /** Returns the choice of one. */
  static OrderChoice only(GenerationOrder order) {
    return new OrderChoice(List.of(order), Optional.empty());
  }

  /** Returns the choice among {@code orders}. */
  static OrderChoice of(Ops tf, List<GenerationOrder> orders) {
    return orders.size() == 1
        ? only(orders.get(0))
        : new OrderChoice(
            orders,
            Optional.of(
                tf.withName("order").placeholder(TInt32.class, Placeholder.shape(Shape.scalar()))));
  }

  /** Feeds the number of the run's order, where there is a choice. */
  Session.Runner feed(Session.Runner runner, TInt32 order) {
    number.ifPresent(place -> runner.feed(place, order));
    return runner;
  }

  /**
   * Returns the one of {@code values}, row-major with the given sizes, that the run's order has.
   */
  <T extends TFloating> Operand<T> constant(
      Ops tf, Class<T> type, float[][] values, long... sizes) {
    int size = values[0].length;
    float[] all = new float[values.length * size];
    for (int o = 0; o < values.length; o++) {
      System.arraycopy(values[o], 0, all, o * size, size);
    }
    if (number.isEmpty()) {
      return tf.dtypes.cast(tf.constant(Shape.of(sizes), DataBuffers.of(all, true, false)), type);
    }
    Shape shape = Shape.of(orders.size()).append(Shape.of(sizes));
    return tf.dtypes.cast(
        tf.gather(
            tf.constant(shape, DataBuffers.of(all, true, false)), number.get(), tf.constant(0)),
        type);
  }

  /** Returns the one of {@code values} that the run's order has. */
  Operand<TInt32> numbers(Ops tf, int[][] values) {
    return number.isEmpty()
        ? tf.constant(values[0])
        : tf.gather(tf.constant(values), number.get(), tf.constant(0));
  }

  /** Returns for each order 1 where the pixel at a distance is earlier, else 0, row-major. */
  static float[][] earlier(List<GenerationOrder> orders, int rows, int columns) {
    return orders.stream()
        .map(
            order -> {
              var positions = new PositionMap.Earlier(rows, columns, order);
              float[] mask = new float[order.pixels()];
              IntStream.range(0, mask.length)
                  .filter(
                      q ->
                          positions.source(q / order.width(), q % order.width())
                              != PositionMap.NONE)
                  .forEach(q -> mask[q] = 1);
              return mask;
            })
        .toArray(float[][]::new);
  }
}
