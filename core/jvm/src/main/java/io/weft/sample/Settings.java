package io.weft.sample;

import io.weft.complete.KnownPixels;
import io.weft.internal.Seam;
import io.weft.order.GenerationOrder;
import io.weft.spec.ConditionValues;
import java.util.Optional;

/**
 * All that a {@link Sampler} is told, or a sampler of several models that draw together, each as
 * its method there says.
 */
@Seam
public record Settings(
    long seed,
    long firstImage,
    int count,
    int batch,
    double temperature,
    SamplingExecutor executor,
    OfImage<ConditionValues> conditions,
    Optional<OfImage<KnownPixels>> known,
    Optional<GenerationOrder> order) {

  /** Checks the ranges. */
  public Settings {
    if (firstImage < 0) {
      throw new IllegalArgumentException("images are numbered from 0, found " + firstImage);
    }
    if (count < 1) {
      throw new IllegalArgumentException("sample at least 1 image, found a count of " + count);
    }
    if (firstImage > Long.MAX_VALUE - (count - 1)) {
      throw new IllegalArgumentException(
          count + " images from number " + firstImage + " on end beyond the number 2^63 - 1");
    }
    if (batch < 1) {
      throw new IllegalArgumentException("a batch has at least 1 image, found " + batch);
    }
    if (!(temperature > 0) || Double.isInfinite(temperature)) {
      throw new IllegalArgumentException(
          "a temperature is above 0 and finite (1 is the model itself), found " + temperature);
    }
  }

  /** One image, index 0, from the model itself. */
  public static Settings of(long seed) {
    return new Settings(
        seed,
        0,
        1,
        Sampler.DEFAULT_BATCH,
        1,
        SamplingExecutor.automatic(),
        (image, place) -> ConditionValues.none(),
        Optional.empty(),
        Optional.empty());
  }

  /** The same with another seed. */
  public Settings withSeed(long other) {
    return new Settings(
        other, firstImage, count, batch, temperature, executor, conditions, known, order);
  }

  /** The same with another first image. */
  public Settings withFirstImage(long other) {
    return new Settings(seed, other, count, batch, temperature, executor, conditions, known, order);
  }

  /** The same with another count. */
  public Settings withCount(int other) {
    return new Settings(
        seed, firstImage, other, batch, temperature, executor, conditions, known, order);
  }

  /** The same with another batch. */
  public Settings withBatch(int other) {
    return new Settings(
        seed, firstImage, count, other, temperature, executor, conditions, known, order);
  }

  /** The same with another temperature. */
  public Settings withTemperature(double other) {
    return new Settings(seed, firstImage, count, batch, other, executor, conditions, known, order);
  }

  /** The same with another executor. */
  public Settings withExecutor(SamplingExecutor other) {
    return new Settings(
        seed, firstImage, count, batch, temperature, other, conditions, known, order);
  }

  /** The same with another rule for conditions. */
  public Settings withConditions(OfImage<ConditionValues> other) {
    return new Settings(seed, firstImage, count, batch, temperature, executor, other, known, order);
  }

  /** The same with another rule for known pixels. */
  public Settings withKnown(OfImage<KnownPixels> other) {
    return new Settings(
        seed,
        firstImage,
        count,
        batch,
        temperature,
        executor,
        conditions,
        Optional.of(other),
        order);
  }

  /** The same, of which nothing is known. */
  public Settings withNothingKnown() {
    return new Settings(
        seed, firstImage, count, batch, temperature, executor, conditions, Optional.empty(), order);
  }

  /** The same with another order. */
  public Settings withOrder(GenerationOrder other) {
    return new Settings(
        seed,
        firstImage,
        count,
        batch,
        temperature,
        executor,
        conditions,
        known,
        Optional.of(other));
  }
}
