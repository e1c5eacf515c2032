package io.weft.spark;

import io.weft.Model;
import io.weft.order.GenerationOrder;
import io.weft.sample.SampledImage;
import io.weft.sample.Sampler;
import io.weft.sample.SamplingExecutor;
import io.weft.spec.ImageSpec;
import java.io.Serializable;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What is drawn, as it travels.
 *
 * @param order positions by rank; null for the model's own
 * @param known what is known of images that are completed; null if nothing is
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
record Drawing(
    long seed,
    long first,
    long count,
    int batch,
    double temperature,
    String executor,
    FleetConditions conditions,
    int @Nullable [] order,
    @Nullable FleetKnown known)
    implements Serializable {

  Drawing withFirst(long other) {
    return new Drawing(seed, other, count, batch, temperature, executor, conditions, order, known);
  }

  Drawing withCount(long other) {
    return new Drawing(seed, first, other, batch, temperature, executor, conditions, order, known);
  }

  Drawing withBatch(int other) {
    return new Drawing(seed, first, count, other, temperature, executor, conditions, order, known);
  }

  Drawing withTemperature(double other) {
    return new Drawing(seed, first, count, batch, other, executor, conditions, order, known);
  }

  Drawing withExecutor(String other) {
    return new Drawing(seed, first, count, batch, temperature, other, conditions, order, known);
  }

  Drawing withConditions(FleetConditions other) {
    return new Drawing(seed, first, count, batch, temperature, executor, other, order, known);
  }

  Drawing withOrder(int[] other) {
    return new Drawing(seed, first, count, batch, temperature, executor, conditions, other, known);
  }

  Drawing withKnown(FleetKnown other) {
    return new Drawing(seed, first, count, batch, temperature, executor, conditions, order, other);
  }

  /** Returns the sampler of some of the images. */
  Sampler sampler(Model model, long from, int images) {
    ImageSpec image = model.image();
    Sampler plain =
        model
            .sampler(seed)
            .firstImage(from)
            .count(images)
            .batch(batch)
            .temperature(temperature)
            .executor(SamplingExecutor.named(executor))
            .conditions(conditions::conditions);
    Sampler ordered =
        order == null
            ? plain
            : plain.order(GenerationOrder.of(image.height(), image.width(), order));
    return known == null ? ordered : ordered.complete(known::known);
  }

  /** Draws some of the images on this thread. */
  void draw(Model model, long from, int images, BiConsumer<Integer, SampledImage> each) {
    try (var drawn = sampler(model, from, images).images().iterator()) {
      drawn.forEachRemaining(image -> each.accept((int) (image.index() - from), image));
    }
  }
}
