package io.weft.sample;

import io.weft.complete.KnownPixels;
import io.weft.complete.PixelMask;
import io.weft.define.Definition;
import io.weft.internal.Count;
import io.weft.internal.Seam;
import io.weft.internal.step.StepExecutor;
import io.weft.internal.step.StepProgram;
import io.weft.internal.thread.Aside;
import io.weft.internal.thread.Lease;
import io.weft.order.GenerationOrder;
import io.weft.spec.ConditionValues;
import io.weft.spec.ImageSpec;
import io.weft.weight.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
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
 * way it is asked for, on one engine and with the same weights and conditions; on the JVM also
 * whatever the machine and the version of Java ({@link io.weft.engine.Versions#arithmetic}).
 */
public final class Sampler {

  /** The images that are generated in lockstep where nothing else is said. */
  public static final int DEFAULT_BATCH = 16;

  private final SamplingEngines engines;
  private final Supplier<Weights> weights;
  private final Settings set;
  private final ImageInputs inputs;

  private Sampler(SamplingEngines engines, Supplier<Weights> weights, Settings set) {
    this.engines = engines;
    this.weights = Objects.requireNonNull(weights, "weights");
    this.set = set;
    this.inputs =
        new ImageInputs(set, engines.definition().conditions(), engines.definition().image());
  }

  /** Returns a sampler with other settings, all of them. */
  @Seam
  public Sampler with(Settings changed) {
    return new Sampler(engines, weights, changed);
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
  static Sampler of(StepProgram program, Supplier<Weights> weights, long seed) {
    Objects.requireNonNull(program, "program");
    return of(SamplingEngines.onJvm(program), weights, seed);
  }

  /** Returns a model's sampler, on any of its engines, which stay open as long as it is used. */
  @Seam
  public static Sampler of(SamplingEngines engines, Supplier<Weights> weights, long seed) {
    Objects.requireNonNull(engines, "engines");
    return new Sampler(engines, weights, Settings.of(seed));
  }

  /** Returns the definition of the model. */
  public Definition definition() {
    return engines.definition();
  }

  /** Returns how many images are generated. */
  public int count() {
    return set.count();
  }

  /**
   * Returns a sampler of {@code images} images.
   *
   * @throws IllegalArgumentException if that is below 1, or the last index above 2^63 - 1
   */
  public Sampler count(int images) {
    return with(set.withCount(images));
  }

  /** Returns a sampler with another seed. */
  public Sampler seed(long number) {
    return with(set.withSeed(number));
  }

  /**
   * Returns a sampler whose images have the indices from {@code index} on: image k of a longer
   * series again, on its own.
   *
   * @throws IllegalArgumentException if it is below 0, or the last index above 2^63 - 1
   */
  public Sampler firstImage(long index) {
    return with(set.withFirstImage(index));
  }

  /**
   * Returns a sampler that generates so many images in lockstep: more are quicker an image, and
   * come later. The images are the same.
   *
   * @throws IllegalArgumentException if it is below 1
   */
  public Sampler batch(int images) {
    return with(set.withBatch(images));
  }

  /** Returns a sampler on another executor; {@link SamplingExecutor#automatic} without this. */
  public Sampler executor(SamplingExecutor choice) {
    Objects.requireNonNull(choice, "choice");
    return with(set.withExecutor(choice));
  }

  /**
   * Returns a sampler that draws each colour value with the probabilities of its levels raised to
   * the power 1 / {@code value} and divided by their sum (all logits divided by it): 1 is the model
   * itself, below 1 the likely becomes likelier, towards 0 the likeliest is certain.
   *
   * @throws IllegalArgumentException if it is not above 0 and finite
   */
  public Sampler temperature(double value) {
    return with(set.withTemperature(value));
  }

  /**
   * Returns a sampler with conditions for each image.
   *
   * @param ofImage gives an image's conditions by its index; a pure function
   */
  public Sampler conditions(LongFunction<ConditionValues> ofImage) {
    Objects.requireNonNull(ofImage, "ofImage");
    return with(set.withConditions((image, place) -> ofImage.apply(image)));
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
   * Returns a sampler with a class by its name for each image of a model whose only condition is a
   * class.
   *
   * @param ofImage gives what the model calls an image's class, or the label in digits where no
   *     class is called by a number, by the image's index; a pure function
   * @throws IllegalArgumentException if the model has other conditions, or none
   */
  public Sampler classes(LongFunction<String> ofImage) {
    Objects.requireNonNull(ofImage, "ofImage");
    String name = definition().onlyClass().name();
    return conditions(i -> ConditionValues.none().withLabel(name, ofImage.apply(i)));
  }

  /**
   * Returns a sampler of as many images as there are conditions; the first is for the first image.
   *
   * @throws IllegalArgumentException if there is none, or one does not fit the model
   */
  public Sampler conditions(List<ConditionValues> ofImages) {
    List<ConditionValues> values = List.copyOf(ofImages);
    values.forEach(v -> v.check(definition().conditions()));
    return with(set.withCount(values.size()).withConditions(inList("conditions", values)));
  }

  /**
   * Returns a sampler that draws pixels in this order in place of the model's own. What is
   * completed begins with the known pixels all the same, where the model serves every order, and
   * goes on in this order. For each new order the model is proven and compiled once; the last few
   * are kept.
   *
   * @throws io.weft.spec.DefinitionException if the model is not causal under the order, or it is
   *     for images of another size
   */
  public Sampler order(GenerationOrder order) {
    Objects.requireNonNull(order, "order");
    if (!definition().orders().contains(order)) {
      engines.prove(order);
    }
    return with(set.withOrder(order));
  }

  private GenerationOrder order() {
    return set.order().orElse(definition().order());
  }

  private static <T> OfImage<T> inList(String what, List<T> values) {
    return (image, place) -> {
      if (place >= values.size()) {
        throw new IllegalArgumentException(
            what
                + " are given for "
                + Count.of(values.size(), "image")
                + " only; give one for every image");
      }
      return values.get(place);
    };
  }

  /**
   * Returns a sampler that completes one image, in as many ways as it has images: their known
   * pixels are all the same, their missing ones differ by their index. See {@link
   * #complete(LongFunction)}.
   *
   * @throws IllegalArgumentException if the image is of another size, or has other levels
   */
  public Sampler complete(KnownPixels known) {
    Objects.requireNonNull(known, "known");
    known.check(definition().image());
    return with(set.withKnown((image, place) -> known));
  }

  /**
   * Returns a sampler that completes images instead of drawing whole ones: each keeps its known
   * pixels, and only the missing ones are drawn. Masks may have any shape and differ from image to
   * image. A series of pixels has the missing ones only; rows and images are whole.
   *
   * <p><b>Context.</b> A missing pixel is drawn from the model's distribution given all pixels that
   * come earlier in the generation order, known and drawn.
   *
   * <ul>
   *   <li>A model that {@linkplain Definition#servesEveryOrder serves every order} (locally masked
   *       PixelCNN, PixelCNN and image-gpt, of other orders than raster alone) is run under an
   *       order {@linkplain PixelMask#knownFirst derived from the mask}, in which all known pixels
   *       come first: <em>every</em> known pixel is context for every missing one, and the
   *       completion is a sample of the model's conditional distribution under that order. Images
   *       with the same mask, one after another, share a lockstep group. For each new order the
   *       model is proven and compiled once; the last few are kept.
   *   <li>Any other model keeps its order, or takes that of its several orders in which most known
   *       pixels come first, and known pixels are clamped: those <em>earlier in the order</em> are
   *       context for a missing pixel; in raster order the ones above it, and left of it in its
   *       row. A known pixel that comes later is kept, but nothing that is drawn before it looks at
   *       it: where the top half is missing, under raster order the bottom half does not matter.
   * </ul>
   *
   * <p>The uniform number of a missing value is that of the same value of a whole image: a function
   * of seed, image index, pixel and channel.
   *
   * @param ofImage gives what is known of an image by its index; a pure function
   */
  public Sampler complete(LongFunction<KnownPixels> ofImage) {
    Objects.requireNonNull(ofImage, "ofImage");
    return with(set.withKnown((image, place) -> ofImage.apply(image)));
  }

  /**
   * Returns a sampler that completes each of some images once; the first is completed as the first
   * image. See {@link #complete(LongFunction)}.
   *
   * @throws IllegalArgumentException if there is none, or one is of another size or has other
   *     levels
   */
  public Sampler complete(List<KnownPixels> ofImages) {
    List<KnownPixels> known = List.copyOf(ofImages);
    known.forEach(k -> k.check(definition().image()));
    return with(set.withCount(known.size()).withKnown(inList("known pixels", known)));
  }

  /**
   * Returns the series of pixels, in generation order; of images that are completed, the missing
   * ones, in the order that {@link #complete(LongFunction)} says.
   *
   * @throws IllegalArgumentException if conditions are missing, or they or known pixels do not fit
   *     the model
   */
  public Samples<Pixel> pixels() {
    return samples(Grain.pixels(definition().image()), Portion.PIXEL);
  }

  /**
   * Returns the series of rows, each as soon as its last pixel is drawn.
   *
   * @throws IllegalArgumentException if conditions are missing, or they or known pixels do not fit
   *     the model
   */
  public Samples<PixelRow> rows() {
    return samples(Grain.rows(definition().image()), Portion.ROW);
  }

  /**
   * Returns the series of images.
   *
   * @throws IllegalArgumentException if conditions are missing, or they or known pixels do not fit
   *     the model
   */
  public Samples<SampledImage> images() {
    return samples(Grain.images(definition().image()), Portion.IMAGE);
  }

  /**
   * Starts all images of this sampler in one lockstep group, whatever the batch, to be advanced by
   * hand.
   *
   * @throws IllegalArgumentException if conditions are missing, or they or known pixels do not fit
   *     the model, or masks differ that need different orders
   */
  public SamplingRun run() {
    inputs.check();
    Series series = new Series(Portion.VALUE, set.count());
    SamplingRun run = series.next();
    if (series.hasNext()) {
      run.close();
      throw new IllegalArgumentException(
          "images "
              + set.firstImage()
              + " and "
              + (set.firstImage() + run.images())
              + " have different masks, and so different generation orders, in which they cannot"
              + " run in lockstep; give all the same mask, or start a run for each");
    }
    return run;
  }

  /**
   * Returns the distributions that the colour values of one pixel are drawn from, at this sampler's
   * temperature, with its first image's conditions and known pixels: [channel, level]. That of a
   * channel is given all values before it, those of the pixel's own earlier channels among them.
   *
   * @param levels the image, [row, column, channel]; of values that come after the pixel, in the
   *     order that this sampler draws in, nothing is looked at, and known pixels are as known. A
   *     level below 0 says that the value is not drawn yet
   * @throws IllegalArgumentException if the pixel is known, there are not as many levels as the
   *     image has, or one that comes before is not drawn yet or out of range
   * @throws IndexOutOfBoundsException if there is no such pixel
   */
  public double[][] probabilities(int[] levels, int row, int column) {
    ImageSpec image = definition().image();
    int position =
        Objects.checkIndex(row, image.height()) * image.width()
            + Objects.checkIndex(column, image.width());
    image.checkLevels(levels);
    Optional<PixelMask> mask = inputs.knownOf(0).map(KnownPixels::mask);
    if (mask.isPresent() && mask.get().isKnown(position)) {
      throw new IllegalArgumentException(
          "pixel ("
              + row
              + ", "
              + column
              + ") is known, so that nothing is drawn there; ask for a missing one");
    }
    double[][] probabilities = new double[image.channels()][];
    try (SamplingRun run = count(1).run()) {
      while (true) {
        int next = run.position();
        int channel = run.channel();
        if (next == position) {
          probabilities[channel] = tempered(run.probabilities(0));
          if (channel == image.channels() - 1) {
            return probabilities;
          }
        }
        if (!run.isKnown(0, next)) {
          int level = levels[next * image.channels() + channel];
          checkDrawn(next, level);
          run.force(0, level);
        }
        run.advance();
      }
    }
  }

  private void checkDrawn(int position, int level) {
    if (level < 0) {
      int width = definition().image().width();
      throw new IllegalArgumentException(
          "the pixel at row "
              + position / width
              + ", column "
              + position % width
              + " comes earlier and is not drawn yet; ask again when it is");
    }
  }

  private double[] tempered(double[] probabilities) {
    double likeliest = Arrays.stream(probabilities).max().orElseThrow();
    // Finite, as an infinite power of 1 is no number.
    double sharpness = Math.min(Double.MAX_VALUE, 1 / set.temperature());
    double[] raised =
        Arrays.stream(probabilities).map(p -> StrictMath.pow(p / likeliest, sharpness)).toArray();
    double sum = Arrays.stream(raised).sum();
    return Arrays.stream(raised).map(p -> p / sum).toArray();
  }

  private <T> Samples<T> samples(Grain<T> grain, Portion portion) {
    inputs.check();
    return Samples.of(grain, () -> new Series(portion, Math.min(set.batch(), set.count())));
  }

  /** The lockstep groups of one series, under the weights of the moment that it begins. */
  private final class Series implements Iterator<SamplingRun> {
    private final SeriesSize size;
    private final Weights bound = weights.get();

    private int started;

    Series(Portion portion, int batch) {
      size = new SeriesSize(batch, set.count(), portion);
      if (!isUnderOtherOrder()) {
        // Compiles, and fails where the executor is not to be had, before anything is asked for.
        Aside.orLeave(() -> engines.lend(set.executor(), bound, size), Lease::close).close();
      }
    }

    @Override
    public boolean hasNext() {
      return started < set.count();
    }

    @Override
    public SamplingRun next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      List<KnownPixels> known = knownOfGroup();
      int images = known.isEmpty() ? Math.min(size.images(), set.count() - started) : known.size();
      List<ConditionValues> values =
          IntStream.range(started, started + images).mapToObj(inputs::conditionsOf).toList();
      long first = set.firstImage() + started;
      SamplingRun run =
          Aside.orLeave(
              () ->
                  new SamplingRun(
                      lend(known),
                      set.seed(),
                      first,
                      values,
                      known,
                      set.temperature(),
                      size.portion()),
              SamplingRun::close);
      started += images;
      return run;
    }

    private Lease<StepExecutor> lend(List<KnownPixels> known) {
      if (!isUnderOtherOrder()) {
        return engines.lend(set.executor(), bound, size);
      }
      if (!isOrderDerived()) {
        return engines.lend(order(), 0, set.executor(), bound, size);
      }
      PixelMask mask = known.get(0).mask();
      GenerationOrder order =
          set.order()
              .map(chosen -> definition().completionOrder(mask, chosen))
              .orElseGet(() -> definition().completionOrder(mask));
      int first = mask.isKnownFirst(order) ? order.pixels() - mask.missing() : 0;
      return engines.lend(order, first, set.executor(), bound, size);
    }

    /** What is known of the next images: as many as can run in lockstep, in one order. */
    private List<KnownPixels> knownOfGroup() {
      List<KnownPixels> group = new ArrayList<>();
      int end = started + Math.min(size.images(), set.count() - started);
      for (int place = started; set.known().isPresent() && place < end; place++) {
        KnownPixels next = inputs.knownOf(place).orElseThrow();
        if (isOrderDerived() && !group.isEmpty() && !next.mask().equals(group.get(0).mask())) {
          break;
        }
        group.add(next);
      }
      return group;
    }
  }

  /** Whether the order is not the one that the model was declared with. */
  private boolean isUnderOtherOrder() {
    return isOrderDerived() || !order().equals(definition().order());
  }

  /** Whether each image is completed under the order that its mask asks for. */
  private boolean isOrderDerived() {
    return set.known().isPresent()
        && (definition().servesEveryOrder()
            || (set.order().isEmpty() && definition().orders().size() > 1));
  }
}
