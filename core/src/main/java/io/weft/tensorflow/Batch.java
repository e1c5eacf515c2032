package io.weft.tensorflow;

import io.weft.data.Examples;
import io.weft.graph.Condition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/** A few examples as tensors, ready to be fed: native memory until it is closed. */
public final class Batch implements AutoCloseable {

  private final TUint8 levels;
  private final Map<String, TFloat32> conditions = new LinkedHashMap<>();

  /**
   * Copies the examples with the given indices.
   *
   * @param given the conditions of the model, each of which the examples have a value for
   */
  public static Batch of(Examples examples, List<Condition> given, int... indices) {
    return TensorFlowNative.call(() -> new Batch(examples, indices, given));
  }

  Batch(Examples examples, int[] indices, Iterable<Condition> given) {
    // Conditions are the caller's code and may throw: nothing native is made before they are in.
    Map<Condition, float[]> features = new LinkedHashMap<>();
    given.forEach(condition -> features.put(condition, feature(examples, indices, condition)));
    var image = examples.images().spec();
    byte[] bytes = new byte[indices.length * image.values()];
    for (int i = 0; i < indices.length; i++) {
      examples.images().copyImage(indices[i], bytes, i * image.values());
    }
    levels =
        TUint8.tensorOf(
            Shape.of(indices.length, image.height(), image.width(), image.channels()),
            DataBuffers.of(bytes, true, false));
    features.forEach(
        (condition, values) -> {
          var shape = condition.shape();
          conditions.put(
              condition.name(),
              TFloat32.tensorOf(
                  Shape.of(indices.length, shape.height(), shape.width(), shape.maps()),
                  DataBuffers.of(values, true, false)));
        });
  }

  private static float[] feature(Examples examples, int[] indices, Condition condition) {
    var shape = condition.shape();
    int size = shape.positions() * shape.maps();
    float[] values = new float[indices.length * size];
    for (int i = 0; i < indices.length; i++) {
      float[] one = examples.conditions(indices[i]).feature(condition);
      System.arraycopy(one, 0, values, i * size, size);
    }
    return values;
  }

  /** Feeds this batch. */
  Session.Runner feed(Session.Runner runner, ImageFeed feed) {
    runner.feed(feed.levels(), levels);
    conditions.forEach((name, value) -> runner.feed(feed.condition(name), value));
    return runner;
  }

  @Override
  public void close() {
    levels.close();
    conditions.values().forEach(TFloat32::close);
  }
}
