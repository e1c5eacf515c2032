package io.weft.internal.tensorflow;

import io.weft.graph.LayerGraph;
import io.weft.internal.levels.LevelArray;
import io.weft.spec.Condition;
import io.weft.spec.ImageSpec;
import java.util.LinkedHashMap;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TFloating;
import org.tensorflow.types.family.TNumber;

/** The placeholders through which images and conditions enter a TensorFlow graph. */
final class ImageFeed {

  private final LayerGraph graph;
  private final Placeholder<? extends TNumber> levels;
  private final Map<String, Placeholder<TFloat32>> conditions = new LinkedHashMap<>();

  ImageFeed(Ops tf, LayerGraph graph) {
    this.graph = graph;
    var image = graph.image();
    levels =
        tf.withName("images")
            .placeholder(
                type(image),
                Placeholder.shape(
                    Shape.of(Shape.UNKNOWN_SIZE, image.height(), image.width(), image.channels())));
    for (Condition condition : graph.conditions()) {
      var shape = condition.shape();
      conditions.put(
          condition.name(),
          tf.withName("condition_" + condition.name().replace('+', '_'))
              .placeholder(
                  TFloat32.class,
                  Placeholder.shape(
                      Shape.of(Shape.UNKNOWN_SIZE, shape.height(), shape.width(), shape.maps()))));
    }
  }

  /**
   * Returns what images are fed as: bytes, where they have more than 256 levels 32-bit integers.
   */
  static Class<? extends TNumber> type(ImageSpec image) {
    return LevelArray.bytesEach(image) == 1 ? TUint8.class : TInt32.class;
  }

  /** Returns the images, levels from 0, [batch, height, width, channels]. */
  Placeholder<? extends TNumber> levels() {
    return levels;
  }

  /** Returns the feature of one condition. */
  Placeholder<TFloat32> condition(String name) {
    return conditions.get(name);
  }

  /** Returns the images as integers. */
  Operand<TInt32> integers(Ops tf) {
    return tf.dtypes.cast(levels, TInt32.class);
  }

  /** Returns the images as a network sees them, 2 level/(levels-1) - 1. */
  <T extends TFloating> Operand<T> scaled(Ops tf, Class<T> type) {
    return scaled(tf, type, graph.image(), levels);
  }

  /** Returns images as a network sees them, 2 level/(levels-1) - 1. */
  static <T extends TFloating> Operand<T> scaled(
      Ops tf, Class<T> type, ImageSpec image, Operand<? extends TNumber> levels) {
    return tf.math.sub(
        tf.math.mul(tf.dtypes.cast(levels, type), tf.constant(type, 2.0 / (image.levels() - 1))),
        tf.constant(type, 1));
  }

  /** Returns the features of the conditions by name. */
  <T extends TFloating> Map<String, Operand<T>> features(Ops tf, Class<T> type) {
    Map<String, Operand<T>> features = new LinkedHashMap<>();
    conditions.forEach((name, value) -> features.put(name, tf.dtypes.cast(value, type)));
    return features;
  }
}
