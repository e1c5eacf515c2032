package io.weft.sample;

import io.weft.define.Definition;
import io.weft.graph.Condition;
import io.weft.graph.ConditionValues;
import io.weft.step.JvmStepExecutor;
import io.weft.step.StepExecutor;
import io.weft.step.StepProgram;
import io.weft.weight.Weights;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.LongFunction;
import java.util.function.LongToIntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * What is to be sampled: an immutable value. Each method below returns a sampler that differs in
 * one respect.
 *
 * <pre>{@code
 * List<SampledImage> digits =
 *     Sampler.of(definition, weights, 7)
 *         .count(10)
 *         .conditions(i -> ConditionValues.none().withLabel("class", (int) i))
 *         .images()
 *         .toList();
 * }</pre>
 *
 * <p>The same seed and image index give the same image, whatever the batch, the threads, and the
 * way it is asked for, on one engine and with the same weights and conditions.
 */
public final class Sampler {

  /** The images that are generated in lockstep where nothing else is said. */
  public static final int DEFAULT_BATCH = 16;

  /** The images whose conditions are checked before the first is generated. */
  private static final int CHECKED_AHEAD = 1 << 16;

  /** Where executors come from. */
  private interface Executors {
    Definition definition();

    StepExecutor bind(
        SamplingExecutor choice, Weights weights, int images, int count, StreamGrain grain);
  }

  /** The conditions of an image by its index, or by its place in the series. */
  private interface Conditions {
    ConditionValues of(long image, int place);
  }

  private final Executors executors;
  private final SamplingExecutor executor;
  private final Supplier<Weights> weights;
  private final long seed;
  private final long firstImage;
  private final int count;
  private final int batch;
  private final double temperature;
  private final Conditions conditions;

  private Sampler(
      Executors executors,
      SamplingExecutor executor,
      Supplier<Weights> weights,
      long seed,
      long firstImage,
      int count,
      int batch,
      double temperature,
      Conditions conditions) {
    if (firstImage > Long.MAX_VALUE - (count - 1)) {
      throw new IllegalArgumentException(
          count + " images from number " + firstImage + " on end beyond the number 2^63 - 1");
    }
    this.executors = executors;
    this.executor = executor;
    this.weights = Objects.requireNonNull(weights, "weights");
    this.seed = seed;
    this.firstImage = firstImage;
    this.count = count;
    this.batch = batch;
    this.temperature = temperature;
    this.conditions = conditions;
  }

  /**
   * Returns a sampler of one image, index 0, at temperature 1.
   *
   * @param weights asked for the weights whenever a series starts
   * @param seed any number; it fixes all randomness
   */
  public static Sampler of(Definition definition, Supplier<Weights> weights, long seed) {
    return of(StepProgram.of(definition), weights, seed);
  }

  /** Returns a sampler of one image, index 0, at temperature 1, with weights that stay. */
  public static Sampler of(Definition definition, Weights weights, long seed) {
    Objects.requireNonNull(weights, "weights");
    return of(definition, () -> weights, seed);
  }

  /**
   * Returns a sampler as above, for a program that was compiled before. It runs on the JVM; for
   * TensorFlow, whose programs somebody must close, sample from a {@code Model}.
   */
  public static Sampler of(StepProgram program, Supplier<Weights> weights, long seed) {
    Objects.requireNonNull(program, "program");
    return of(new OnJvm(program), weights, seed);
  }

  /**
   * Returns a sampler as above, on any of some executors, which stay open as long as it is used.
   */
  public static Sampler of(StepExecutors executors, Supplier<Weights> weights, long seed) {
    return of(new OnAny(Objects.requireNonNull(executors, "executors")), weights, seed);
  }

  private static Sampler of(Executors executors, Supplier<Weights> weights, long seed) {
    return new Sampler(
        executors,
        SamplingExecutor.automatic(),
        weights,
        seed,
        0,
        1,
        DEFAULT_BATCH,
        1,
        (image, place) -> ConditionValues.none());
  }

  private record OnAny(StepExecutors all) implements Executors {
    @Override
    public Definition definition() {
      return all.definition();
    }

    @Override
    public StepExecutor bind(
        SamplingExecutor choice, Weights weights, int images, int count, StreamGrain grain) {
      return all.bind(choice, weights, images, count, grain);
    }
  }

  private record OnJvm(StepProgram program) implements Executors {
    @Override
    public Definition definition() {
      return program.definition();
    }

    @Override
    public StepExecutor bind(
        SamplingExecutor choice, Weights weights, int images, int count, StreamGrain grain) {
      if (choice.isTensorFlow()) {
        throw new IllegalStateException(
            "this sampler runs on the JVM only; for TensorFlow, whose compiled program the model"
                + " closes, use Model.sampler(seed)");
      }
      return JvmStepExecutor.bind(program, weights);
    }
  }

  /** Returns the definition of the model. */
  public Definition definition() {
    return executors.definition();
  }

  /** Returns how many images are generated. */
  public int count() {
    return count;
  }

  /**
   * Returns a sampler of {@code images} images.
   *
   * @throws IllegalArgumentException if that is below 1, or the last index above 2^63 - 1
   */
  public Sampler count(int images) {
    if (images < 1) {
      throw new IllegalArgumentException("sample at least 1 image, found a count of " + images);
    }
    return new Sampler(
        executors, executor, weights, seed, firstImage, images, batch, temperature, conditions);
  }

  /** Returns a sampler with another seed. */
  public Sampler seed(long number) {
    return new Sampler(
        executors, executor, weights, number, firstImage, count, batch, temperature, conditions);
  }

  /**
   * Returns a sampler whose images have the indices from {@code index} on: image k of a longer
   * series again, on its own.
   *
   * @throws IllegalArgumentException if it is below 0, or the last index above 2^63 - 1
   */
  public Sampler firstImage(long index) {
    if (index < 0) {
      throw new IllegalArgumentException("images are numbered from 0, found " + index);
    }
    return new Sampler(
        executors, executor, weights, seed, index, count, batch, temperature, conditions);
  }

  /**
   * Returns a sampler that generates so many images in lockstep: more are quicker an image, and
   * come later. The images are the same.
   *
   * @throws IllegalArgumentException if it is below 1
   */
  public Sampler batch(int images) {
    if (images < 1) {
      throw new IllegalArgumentException("a batch has at least 1 image, found " + images);
    }
    return new Sampler(
        executors, executor, weights, seed, firstImage, count, images, temperature, conditions);
  }

  /** Returns a sampler on another executor; {@link SamplingExecutor#automatic} without this. */
  public Sampler executor(SamplingExecutor choice) {
    Objects.requireNonNull(choice, "choice");
    return new Sampler(
        executors, choice, weights, seed, firstImage, count, batch, temperature, conditions);
  }

  /**
   * Returns a sampler that draws from the distribution with all logits divided by {@code value}: 1
   * is the model itself, below 1 the likely becomes likelier, towards 0 the likeliest is certain.
   *
   * @throws IllegalArgumentException if it is not above 0 and finite
   */
  public Sampler temperature(double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          "a temperature is above 0 and finite (1 is the model itself), found " + value);
    }
    return new Sampler(
        executors, executor, weights, seed, firstImage, count, batch, value, conditions);
  }

  /**
   * Returns a sampler with conditions for each image.
   *
   * @param ofImage gives an image's conditions by its index; a pure function
   */
  public Sampler conditions(LongFunction<ConditionValues> ofImage) {
    Objects.requireNonNull(ofImage, "ofImage");
    return with((image, place) -> ofImage.apply(image));
  }

  /**
   * Returns a sampler with a label for each image of a model whose only condition is a class.
   *
   * @param ofImage gives an image's class by its index; a pure function
   * @throws IllegalArgumentException if the model has other conditions, or none
   */
  public Sampler labels(LongToIntFunction ofImage) {
    Objects.requireNonNull(ofImage, "ofImage");
    String name = definition().onlyClass().name();
    return conditions(i -> ConditionValues.none().withLabel(name, ofImage.applyAsInt(i)));
  }

  /**
   * Returns a sampler of as many images as there are conditions; the first is for the first image.
   *
   * @throws IllegalArgumentException if there is none, or one does not fit the model
   */
  public Sampler conditions(List<ConditionValues> ofImages) {
    List<ConditionValues> values = List.copyOf(ofImages);
    values.forEach(v -> v.check(definition().conditions()));
    return count(values.size()).with((image, place) -> inList(values, place));
  }

  private static ConditionValues inList(List<ConditionValues> values, int place) {
    if (place >= values.size()) {
      throw new IllegalArgumentException(
          "conditions are given for " + values.size() + " images only; give one for every image");
    }
    return values.get(place);
  }

  private Sampler with(Conditions ofImages) {
    return new Sampler(
        executors, executor, weights, seed, firstImage, count, batch, temperature, ofImages);
  }

  /**
   * Returns the series of pixels, in generation order.
   *
   * @throws IllegalArgumentException if conditions are missing or do not fit the model
   */
  public Samples<Pixel> pixels() {
    return samples(Grain.pixels(definition().image()), StreamGrain.PIXEL);
  }

  /**
   * Returns the series of rows, each as soon as its last pixel is drawn.
   *
   * @throws IllegalArgumentException if conditions are missing or do not fit the model
   */
  public Samples<PixelRow> rows() {
    return samples(Grain.rows(definition().graph()), StreamGrain.ROW);
  }

  /**
   * Returns the series of images.
   *
   * @throws IllegalArgumentException if conditions are missing or do not fit the model
   */
  public Samples<SampledImage> images() {
    return samples(Grain.images(definition().image()), StreamGrain.IMAGE);
  }

  /**
   * Starts all images of this sampler in one lockstep group, whatever the batch, to be advanced by
   * hand.
   *
   * @throws IllegalArgumentException if conditions are missing or do not fit the model
   */
  public SamplingRun run() {
    checkConditions();
    return run(executors.bind(executor, weights.get(), count, count, StreamGrain.VALUE), 0, count);
  }

  private <T> Samples<T> samples(Grain<T> grain, StreamGrain size) {
    checkConditions();
    return new Samples<>(() -> new LockstepPull<>(runs(size), grain));
  }

  private SamplingRun run(StepExecutor bound, int from, int images) {
    List<ConditionValues> values =
        IntStream.range(from, from + images).mapToObj(this::conditionsOf).toList();
    return new SamplingRun(bound, seed, firstImage + from, values, temperature);
  }

  private Iterator<SamplingRun> runs(StreamGrain grain) {
    StepExecutor bound =
        executors.bind(executor, weights.get(), Math.min(batch, count), count, grain);
    return new Iterator<>() {
      private int started;

      @Override
      public boolean hasNext() {
        return started < count;
      }

      @Override
      public SamplingRun next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        int images = Math.min(batch, count - started);
        SamplingRun run = run(bound, started, images);
        started += images;
        return run;
      }
    };
  }

  private ConditionValues conditionsOf(int place) {
    long image = firstImage + place;
    List<Condition> declared = definition().conditions();
    try {
      ConditionValues values =
          Objects.requireNonNull(conditions.of(image, place), "the conditions of an image");
      values.check(declared);
      return values;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("image " + image + ": " + e.getMessage(), e);
    }
  }

  /** The others are checked when their group is started: a series may be without end. */
  private void checkConditions() {
    IntStream.range(0, Math.min(count, CHECKED_AHEAD)).forEach(this::conditionsOf);
  }
}
