package io.weft.pyramid;

import io.weft.complete.KnownPixels;
import io.weft.order.GenerationOrder;
import io.weft.pyramid.ScaledPull.Stage;
import io.weft.sample.ImageInputs;
import io.weft.sample.Pixel;
import io.weft.sample.Pull;
import io.weft.sample.SampledImage;
import io.weft.sample.Sampler;
import io.weft.sample.Samples;
import io.weft.sample.SamplingExecutor;
import io.weft.sample.Settings;
import io.weft.spec.ConditionValues;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.LongToIntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * What is to be sampled of a pyramid: an immutable value, as {@link Sampler} is of a single model.
 * Each method below returns a sampler that differs in one respect.
 *
 * <p>Images are drawn in groups of {@link #batch}: first the small images of a group, then its
 * large ones, whose pixels that the small ones have are given, so that only the others are drawn.
 * The same seed and image index give the same image, whatever the batch and the way it is asked
 * for. The two models draw from seeds of their own.
 *
 * <p>Each group takes the weights that the models have when it begins.
 */
public final class MultiScaleSampler {

  private final MultiScale definition;
  private final Map<Size, Sampler> models;
  private final Map<Size, GenerationOrder> orders;
  private final Settings set;
  private final ImageInputs inputs;

  private MultiScaleSampler(
      MultiScale definition,
      Map<Size, Sampler> models,
      Map<Size, GenerationOrder> orders,
      Settings set) {
    this.definition = definition;
    this.models = models;
    this.orders = orders;
    this.set = set;
    this.inputs = new ImageInputs(set, definition.conditions(), definition.image());
  }

  static MultiScaleSampler of(MultiScaleModel model, long seed) {
    return new MultiScaleSampler(
        model.definition(),
        Map.of(Size.SMALL, model.small().sampler(seed), Size.LARGE, model.large().sampler(seed)),
        Map.of(),
        Settings.of(seed));
  }

  private MultiScaleSampler with(Settings changed) {
    return new MultiScaleSampler(definition, models, orders, changed);
  }

  /** Returns a model's sampler, by these settings; no pixel is known to it. */
  private Sampler sampler(Size size, LongFunction<ConditionValues> conditions) {
    Settings ofModel = set.withSeed(Seeds.of(set.seed(), size)).withNothingKnown();
    Sampler sampler = models.get(size).with(ofModel).conditions(conditions);
    return orders.containsKey(size) ? sampler.order(orders.get(size)) : sampler;
  }

  /** Returns the pyramid's definition. */
  public MultiScale definition() {
    return definition;
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
  public MultiScaleSampler count(int images) {
    return with(set.withCount(images));
  }

  /** Returns a sampler with another seed. */
  public MultiScaleSampler seed(long number) {
    return with(set.withSeed(number));
  }

  /**
   * Returns a sampler whose images have the indices from {@code index} on: image k of a longer
   * series again, on its own.
   *
   * @throws IllegalArgumentException if it is below 0, or the last index above 2^63 - 1
   */
  public MultiScaleSampler firstImage(long index) {
    return with(set.withFirstImage(index));
  }

  /**
   * Returns a sampler that generates so many images in lockstep. The images are the same.
   *
   * @throws IllegalArgumentException if it is below 1
   */
  public MultiScaleSampler batch(int images) {
    return with(set.withBatch(images));
  }

  /**
   * Returns a sampler that draws one of the images in this order in place of the model's own; see
   * {@link Sampler#order}. The small image comes first all the same.
   *
   * @param size whose pixels
   * @throws io.weft.spec.DefinitionException if that model is not causal under the order, or it is
   *     for images of another size
   */
  public MultiScaleSampler order(Size size, GenerationOrder order) {
    Objects.requireNonNull(size, "size");
    // Proves it at once.
    models.get(size).order(order);
    Map<Size, GenerationOrder> changed = new EnumMap<>(Size.class);
    changed.putAll(orders);
    changed.put(size, order);
    return new MultiScaleSampler(definition, models, changed, set);
  }

  /** Returns a sampler on another executor; {@link SamplingExecutor#automatic} without this. */
  public MultiScaleSampler executor(SamplingExecutor choice) {
    Objects.requireNonNull(choice, "choice");
    return with(set.withExecutor(choice));
  }

  /**
   * Returns a sampler at another temperature, of both models; see {@link Sampler#temperature}.
   *
   * @throws IllegalArgumentException if it is not above 0 and finite
   */
  public MultiScaleSampler temperature(double value) {
    return with(set.withTemperature(value));
  }

  /**
   * Returns a sampler with conditions for each image; the small image is none of them.
   *
   * @param ofImage gives an image's conditions by its index; a pure function
   */
  public MultiScaleSampler conditions(LongFunction<ConditionValues> ofImage) {
    Objects.requireNonNull(ofImage, "ofImage");
    return with(set.withConditions((image, place) -> ofImage.apply(image)));
  }

  /**
   * Returns a sampler with a label for each image of a pyramid whose only condition, beside the
   * small image, is a class.
   *
   * @param ofImage gives an image's class by its index; a pure function
   * @throws IllegalArgumentException if it has other conditions, or none
   */
  public MultiScaleSampler labels(LongToIntFunction ofImage) {
    Objects.requireNonNull(ofImage, "ofImage");
    String name = definition.onlyClass().name();
    return conditions(i -> ConditionValues.none().withLabel(name, ofImage.applyAsInt(i)));
  }

  /**
   * Returns a sampler with a class by its name for each image of a pyramid whose only condition,
   * beside the small image, is a class.
   *
   * @param ofImage gives what the pyramid calls an image's class, or the label in digits where no
   *     class is called by a number, by the image's index; a pure function
   * @throws IllegalArgumentException if it has other conditions, or none
   */
  public MultiScaleSampler classes(LongFunction<String> ofImage) {
    Objects.requireNonNull(ofImage, "ofImage");
    String name = definition.onlyClass().name();
    return conditions(i -> ConditionValues.none().withLabel(name, ofImage.apply(i)));
  }

  /**
   * Returns a sampler that completes one large image, in as many ways as it has images; see {@link
   * #complete(LongFunction)}.
   *
   * @throws IllegalArgumentException if the image is of another size, or has other levels
   */
  public MultiScaleSampler complete(KnownPixels image) {
    Objects.requireNonNull(image, "image");
    image.check(definition.image());
    return complete(i -> image);
  }

  /**
   * Returns a sampler that completes large images: their known pixels are kept. Those that are the
   * small image's complete that one first, by the small model, and then all known pixels and the
   * small image complete the large one, as {@link Sampler#complete(LongFunction)} says for each. So
   * the small image does not see the other known pixels: what comes out is a valid completion, but
   * not a sample of the exact conditional distribution.
   *
   * @param ofImage gives what is known of a large image by its index; a pure function. At least one
   *     pixel is missing that is not the small image's
   */
  public MultiScaleSampler complete(LongFunction<KnownPixels> ofImage) {
    Objects.requireNonNull(ofImage, "ofImage");
    return with(set.withKnown((image, place) -> ofImage.apply(image)));
  }

  /**
   * Returns the series of pixels: of each group the small images' pixels, then those of the large
   * images that are not known by then, each in generation order.
   *
   * @throws IllegalArgumentException if conditions are missing, or they or known pixels do not fit
   */
  public Samples<ScaledPixel> pixels() {
    return samples(
        (group, sampler) ->
            new Stage<>(
                sampler.pixels().iterator(),
                pixel -> {
                  int width = definition.small().image().width();
                  int position = pixel.row() * width + pixel.column();
                  group.keep(pixel.image(), position, pixel.values());
                  return Optional.of(new ScaledPixel(Size.SMALL, pixel));
                }),
        sampler ->
            new Stage<Pixel, ScaledPixel>(
                sampler.pixels().iterator(),
                pixel -> Optional.of(new ScaledPixel(Size.LARGE, pixel))));
  }

  /**
   * Returns the series of large images, each when it is whole; {@link Scale#small} has the small
   * image of one.
   *
   * @throws IllegalArgumentException if conditions are missing, or they or known pixels do not fit
   */
  public Samples<SampledImage> images() {
    return samples(
        (group, sampler) ->
            new Stage<>(
                sampler.images().iterator(),
                image -> {
                  group.keep(image);
                  return Optional.empty();
                }),
        sampler ->
            new Stage<SampledImage, SampledImage>(sampler.images().iterator(), Optional::of));
  }

  /**
   * Returns the distributions that the colour values of one pixel of the large image are drawn
   * from, at this sampler's temperature, with its first image's conditions and known pixels:
   * [channel, level]; see {@link Sampler#probabilities}. A pixel that is the small image's is drawn
   * by the small model, which sees no other.
   *
   * @param levels the large image, [row, column, channel]; a level below 0 says that the value is
   *     not drawn yet
   * @throws IllegalArgumentException if the pixel is known, there are not as many levels as the
   *     image has, or one that comes before is not drawn yet or out of range
   * @throws IndexOutOfBoundsException if there is no such pixel
   */
  public double[][] probabilities(int[] levels, int row, int column) {
    Objects.checkIndex(row, definition.image().height());
    Objects.checkIndex(column, definition.image().width());
    definition.image().checkLevels(levels);
    ConditionValues given = inputs.conditionsOf(0);
    PyramidGroup group = new PyramidGroup(definition, set.firstImage(), List.of(inputs.knownOf(0)));
    int[] part = definition.scale().small(definition.image(), levels);
    if (definition.scale().isSmall(row, column)) {
      int factor = definition.scale().factor();
      ConditionValues own = definition.smallConditions(given);
      return group.ofSmall(sampler(Size.SMALL, i -> own)).stream()
          .findFirst()
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "all pixels of the small image are known, so that nothing is drawn there"))
          .probabilities(part, row / factor, column / factor);
    }
    for (int level : part) {
      if (level < 0) {
        throw new IllegalArgumentException(
            "the small image comes earlier and is not all drawn yet; ask again when it is");
      }
    }
    group.keepAll(part);
    ConditionValues all = definition.largeConditions(given, part);
    return group.ofLarge(sampler(Size.LARGE, i -> all)).probabilities(levels, row, column);
  }

  private <T> Samples<T> samples(
      BiFunction<PyramidGroup, Sampler, Stage<?, T>> ofSmall,
      Function<Sampler, Stage<?, T>> ofLarge) {
    inputs.check();
    Supplier<Pull<T>> start = () -> new ScaledPull<>(new Stages<>(ofSmall, ofLarge));
    return Samples.of(start);
  }

  private ConditionValues conditionsOf(long image) {
    return inputs.conditionsOf((int) (image - set.firstImage()));
  }

  /** The two models' series of one group after another. */
  private final class Stages<T> implements Iterator<Stage<?, T>> {
    private final BiFunction<PyramidGroup, Sampler, Stage<?, T>> ofSmall;
    private final Function<Sampler, Stage<?, T>> ofLarge;
    private final Deque<Supplier<Stage<?, T>>> ofGroup = new ArrayDeque<>();
    private int started;

    Stages(
        BiFunction<PyramidGroup, Sampler, Stage<?, T>> ofSmall,
        Function<Sampler, Stage<?, T>> ofLarge) {
      this.ofSmall = ofSmall;
      this.ofLarge = ofLarge;
    }

    @Override
    public boolean hasNext() {
      return !ofGroup.isEmpty() || started < count();
    }

    @Override
    public Stage<?, T> next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      if (ofGroup.isEmpty()) {
        begin();
      }
      return ofGroup.remove().get();
    }

    private void begin() {
      int images = Math.min(set.batch(), count() - started);
      List<Optional<KnownPixels>> known =
          IntStream.range(started, started + images).mapToObj(inputs::knownOf).toList();
      PyramidGroup group = new PyramidGroup(definition, set.firstImage() + started, known);
      Sampler smaller = sampler(Size.SMALL, i -> definition.smallConditions(conditionsOf(i)));
      for (Sampler run : group.ofSmall(smaller)) {
        ofGroup.add(() -> ofSmall.apply(group, run));
      }
      Sampler larger =
          sampler(Size.LARGE, i -> definition.largeConditions(conditionsOf(i), group.small(i)));
      ofGroup.add(() -> ofLarge.apply(group.ofLarge(larger)));
      started += images;
    }
  }
}
