package io.weft.internal.tensorflow;

import io.weft.engine.Batch;
import java.util.LinkedHashMap;
import java.util.Map;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TNumber;

/** A batch as tensors, ready to be fed: native memory until it is closed. */
final class BatchTensors implements AutoCloseable {

  private final TNumber levels;
  private final Map<String, TFloat32> conditions = new LinkedHashMap<>();

  private BatchTensors(TNumber levels) {
    this.levels = levels;
  }

  /** Returns the tensors of a batch. */
  static BatchTensors of(Batch batch) {
    return CloseOnFailure.of(
        new BatchTensors(levels(batch)),
        made -> {
          made.addConditions(batch);
          return made;
        });
  }

  private static TNumber levels(Batch batch) {
    var image = batch.image();
    Shape sizes = Shape.of(batch.size(), image.height(), image.width(), image.channels());
    return batch
        .levels()
        .<TNumber>match(
            bytes -> TUint8.tensorOf(sizes, DataBuffers.of(bytes, true, false)),
            shorts -> TInt32.tensorOf(sizes, DataBuffers.of(integers(shorts), true, false)));
  }

  private void addConditions(Batch batch) {
    batch
        .features()
        .forEach(
            (condition, values) -> {
              var shape = condition.shape();
              conditions.put(
                  condition.name(),
                  TFloat32.tensorOf(
                      Shape.of(batch.size(), shape.height(), shape.width(), shape.maps()),
                      DataBuffers.of(values, true, false)));
            });
  }

  private static int[] integers(short[] unsigned) {
    int[] integers = new int[unsigned.length];
    for (int i = 0; i < unsigned.length; i++) {
      integers[i] = Short.toUnsignedInt(unsigned[i]);
    }
    return integers;
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
