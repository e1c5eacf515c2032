package io.weft.pyramid;

import io.weft.ImageModel;
import io.weft.Model;
import io.weft.complete.PixelMask;
import io.weft.data.Examples;
import io.weft.engine.Device;
import io.weft.internal.Seam;
import io.weft.json.LayerCatalog;
import io.weft.order.GenerationOrder;
import io.weft.score.Scores;
import io.weft.spec.Condition;
import io.weft.spec.ImageSpec;
import io.weft.train.TrainingEvent;
import io.weft.train.TrainingOptions;
import io.weft.train.TrainingRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;

/**
 * A {@linkplain MultiScale pyramid} with weights: two models that are trained, score, sample and
 * are saved as one. What {@link Model} says of threads and of closing holds.
 */
public final class MultiScaleModel implements ImageModel {

  private final MultiScale definition;
  private final Model small;
  private final Model large;

  private MultiScaleModel(MultiScale definition, Model small, Model large) {
    this.definition = definition;
    this.small = small;
    this.large = large;
  }

  /**
   * Returns a pyramid with the weights that training starts from, on the processor.
   *
   * @param seed any number; the weights follow from it and the definitions
   */
  public static MultiScaleModel initial(MultiScale definition, long seed) {
    return initial(definition, seed, Device.cpu());
  }

  /** Returns a pyramid with the weights that training starts from. */
  public static MultiScaleModel initial(MultiScale definition, long seed, Device device) {
    return new MultiScaleModel(
        definition,
        Model.initial(definition.small(), Seeds.of(seed, Size.SMALL), device),
        Model.initial(definition.large(), Seeds.of(seed, Size.LARGE), device));
  }

  /**
   * Returns two models as one, which owns them: closing it closes both.
   *
   * @param condition the name of the large model's spatial condition that takes the small image
   * @throws io.weft.spec.DefinitionException if they do not go together
   */
  public static MultiScaleModel of(Model small, Model large, String condition, Scale scale) {
    MultiScale definition =
        new MultiScale(small.definition(), large.definition(), condition, scale);
    return new MultiScaleModel(definition, small, large);
  }

  /** Returns the definition. */
  public MultiScale definition() {
    return definition;
  }

  @Override
  public ImageSpec image() {
    return definition.image();
  }

  @Override
  public List<Condition> conditions() {
    return definition.conditions();
  }

  @Override
  public Condition.OneOf classCondition() {
    return definition.classCondition();
  }

  @Override
  public long parameterCount() {
    return definition.parameterCount();
  }

  /** Returns the model of small images. */
  public Model small() {
    return small;
  }

  /** Returns the model of large images. */
  public Model large() {
    return large;
  }

  /** Returns one of the two models. */
  public Model model(Size size) {
    return size == Size.SMALL ? small : large;
  }

  /**
   * Prepares new training runs of both models, each by its own options. The caller pulls events,
   * and closes it. Neither depends on the other: the large one learns from the small parts of the
   * examples themselves. Validation is of each model by itself, on the examples that its options
   * say.
   *
   * @param examples large images
   * @throws IllegalArgumentException if the examples do not suit the pyramid
   */
  public MultiScaleTraining training(
      Examples examples, TrainingOptions ofSmall, TrainingOptions ofLarge) {
    Examples smaller = definition.smallOf(examples);
    Examples larger = definition.largeOf(examples);
    TrainingOptions smallOptions = validating(ofSmall, Size.SMALL);
    TrainingOptions largeOptions = validating(ofLarge, Size.LARGE);
    return new MultiScaleTraining(
        List.of(
            new MultiScaleTraining.Part(Size.SMALL, () -> small.training(smaller, smallOptions)),
            new MultiScaleTraining.Part(Size.LARGE, () -> large.training(larger, largeOptions))));
  }

  /** Prepares new training runs of both models by the same options, as above. */
  public MultiScaleTraining training(Examples examples, TrainingOptions options) {
    return training(examples, options, options);
  }

  /**
   * Prepares to go on with training that was interrupted, or for which there is more to do: each
   * model's last run is resumed as {@link Model#resuming} does, one that has done all that is asked
   * for is left as it is, and one that has not begun this training begins.
   *
   * @throws IllegalArgumentException if the examples or the method are not those of the runs, or
   *     both have taken all steps that are asked for; the message says both
   * @throws IllegalStateException if no model has a run to go on with
   */
  public MultiScaleTraining resuming(
      Examples examples, TrainingOptions ofSmall, TrainingOptions ofLarge) {
    Examples smaller = definition.smallOf(examples);
    Examples larger = definition.largeOf(examples);
    TrainingOptions smallOptions = validating(ofSmall, Size.SMALL);
    TrainingOptions largeOptions = validating(ofLarge, Size.LARGE);
    List<MultiScaleTraining.Part> parts = new ArrayList<>();
    if (!isTrained(Size.SMALL, examples, smallOptions)) {
      parts.add(part(Size.SMALL, smaller, smallOptions));
    }
    if (!isTrained(Size.LARGE, examples, largeOptions)) {
      parts.add(part(Size.LARGE, larger, largeOptions));
    }
    boolean hasRun = hasBegun(Size.SMALL) || hasBegun(Size.LARGE);
    if (parts.isEmpty() || !hasRun) {
      // Says why there is nothing to go on with.
      small.checkResumable(smaller, smallOptions);
    }
    return new MultiScaleTraining(parts);
  }

  /** Prepares to go on with training by the same options of both, as above. */
  public MultiScaleTraining resuming(Examples examples, TrainingOptions options) {
    return resuming(examples, options, options);
  }

  private MultiScaleTraining.Part part(Size size, Examples examples, TrainingOptions options) {
    Model model = model(size);
    if (!hasBegun(size)) {
      return new MultiScaleTraining.Part(size, () -> model.training(examples, options));
    }
    model.checkResumable(examples, options);
    return new MultiScaleTraining.Part(size, () -> model.resuming(examples, options));
  }

  /**
   * Returns whether one of the models has begun the last training of both. The small one is trained
   * first: as long as the large one has fewer runs, and none that began after the small one's last,
   * its own last run is of a training before.
   */
  @Seam
  public boolean hasBegun(Size size) {
    List<TrainingRecord> runs = model(size).history();
    if (size == Size.SMALL || runs.isEmpty()) {
      return !runs.isEmpty();
    }
    List<TrainingRecord> ofSmall = small.history();
    return runs.size() >= ofSmall.size() || !last(ofSmall).started().isAfter(last(runs).started());
  }

  private static TrainingRecord last(List<TrainingRecord> runs) {
    return runs.get(runs.size() - 1);
  }

  /**
   * Returns whether the last run of one of the models has taken all steps that are asked for, so
   * that there is nothing to go on with; one that has not begun the last training has not.
   *
   * @param examples large images
   * @param options of that model's run; they validate, if they do, on examples of its own
   * @throws IllegalArgumentException if it was a run on other examples or by another method, which
   *     would not be the one that is asked for; the message says both
   */
  public boolean isTrained(Size size, Examples examples, TrainingOptions options) {
    if (!hasBegun(size)) {
      return false;
    }
    TrainingRecord last = last(model(size).history());
    last.checkContinuedBy(
        size == Size.SMALL ? definition.smallOf(examples) : definition.largeOf(examples), options);
    return last.outcome().equals(TrainingEvent.Reason.COMPLETED.name())
        && last.lastStep() - last.firstStep() >= options.steps(options.stepsPerEpoch(examples));
  }

  private TrainingOptions validating(TrainingOptions options, Size size) {
    return options
        .validation()
        .map(v -> size == Size.SMALL ? definition.smallOf(v) : definition.largeOf(v))
        .map(options::validatingOn)
        .orElse(options);
  }

  /**
   * Trains both models, the small one first, and returns when done: new runs, by the same options.
   * Interrupting the thread cancels; both keep what was reached.
   *
   * @param listeners hear of every event, on this thread, after those of the options
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   * @throws IllegalArgumentException if the examples do not suit the pyramid
   * @throws IllegalStateException if a model is closed, before or meanwhile
   * @throws io.weft.train.TrainingException if a value is not finite, or training has diverged
   */
  public void train(Examples examples, TrainingOptions options, MultiScaleListener... listeners) {
    run(training(examples, options), listeners);
  }

  /**
   * Goes on with training and returns when it is done; see {@link #resuming} for what that takes,
   * and {@link #train} for all else.
   */
  public void resume(Examples examples, TrainingOptions options, MultiScaleListener... listeners) {
    run(resuming(examples, options), listeners);
  }

  private static void run(MultiScaleTraining training, MultiScaleListener... listeners) {
    try (training) {
      while (training.hasNext()) {
        ScaledEvent event = training.next();
        for (MultiScaleListener listener : listeners) {
          listener.on(event);
        }
      }
    }
  }

  /**
   * Returns the log-likelihoods of large images, exact: that of the small image under the small
   * model, and of all other pixels under the large one, each given the small image and what comes
   * earlier. The small image's values have theirs in its pixels' places, so that an image's sum is
   * its joint log-likelihood and probabilities of all images add up to 1.
   *
   * @throws IllegalArgumentException if the examples do not suit the pyramid
   * @throws IllegalStateException if it is closed
   * @throws ArithmeticException if a log-likelihood is not finite; the message names the example
   */
  @Override
  public Scores score(Examples examples) {
    return score(examples, definition.small().order(), definition.large().order());
  }

  /**
   * Returns the log-likelihoods of large images as above, under an order of each model: what {@link
   * MultiScaleSampler#order} draws in. For orders that a model does not declare, its program is
   * compiled for this one call.
   *
   * @throws io.weft.spec.DefinitionException if a model is not causal under its order, or it is for
   *     images of another size
   * @throws IllegalArgumentException if the examples do not suit the pyramid
   * @throws IllegalStateException if it is closed
   * @throws ArithmeticException if a log-likelihood is not finite; the message names the example
   */
  public Scores score(Examples examples, GenerationOrder ofSmall, GenerationOrder ofLarge) {
    return score(examples, ofSmall, ofLarge, Model::score);
  }

  /** A model that serves every order is told the small image first. */
  private GenerationOrder knownFirst(GenerationOrder ofLarge) {
    PixelMask known = definition.scale().known(definition.image());
    return definition.large().servesEveryOrder() ? known.knownFirst(List.of(ofLarge)) : ofLarge;
  }

  /** Scores with one of the two models under an order, wherever that is done. */
  @Seam
  @FunctionalInterface
  public interface Scoring {
    /** Returns the scores of examples. */
    Scores score(Model model, Examples examples, GenerationOrder order);
  }

  /** Returns the log-likelihoods of large images as above, found elsewhere. */
  @Seam
  public Scores score(
      Examples examples, GenerationOrder ofSmall, GenerationOrder ofLarge, Scoring scoring) {
    return joined(examples, ofSmall, knownFirst(ofLarge), scoring, false);
  }

  /**
   * Returns lower bounds of the log-likelihoods of large images, as the multi-scale PixelRNN is
   * scored: the large model is charged for the small image's pixels too, which it draws again
   * though it is given them. Nats and bits are upper bounds; those of {@link #score} are exact.
   *
   * @throws IllegalArgumentException if the examples do not suit the pyramid
   * @throws IllegalStateException if it is closed
   * @throws ArithmeticException if a log-likelihood is not finite; the message names the example
   */
  public Scores scoreBound(Examples examples) {
    return scoreBound(examples, Model::score);
  }

  /** Returns lower bounds as above, found elsewhere. */
  @Seam
  public Scores scoreBound(Examples examples, Scoring scoring) {
    return joined(examples, definition.small().order(), definition.large().order(), scoring, true);
  }

  private Scores joined(
      Examples examples,
      GenerationOrder inSmall,
      GenerationOrder inLarge,
      Scoring scoring,
      boolean again) {
    Scores ofSmall = scoring.score(small, definition.smallOf(examples), inSmall);
    Scores ofLarge = scoring.score(large, definition.largeOf(examples), inLarge);
    ImageSpec smallSpec = definition.small().image();
    ImageSpec spec = definition.image();
    float[] values = ofLarge.values();
    for (int image = 0; image < ofSmall.size(); image++) {
      float[] own = ofSmall.values(image);
      for (int v = 0; v < own.length; v++) {
        int at = image * spec.values() + definition.scale().inLarge(smallSpec, spec, v);
        values[at] = own[v] + (again ? values[at] : 0);
      }
    }
    return Scores.of(spec, values);
  }

  /**
   * Returns for each example the log-likelihood of its missing pixels given its known ones: exact,
   * by the chain rule, wherever there is an exact answer. There is where each missing pixel sees
   * all that are known: where the small image is known, or beside it nothing is, and, of models
   * whose order is fixed, known pixels come before missing ones. For all other masks the small
   * image would be drawn without a look at the rest of what is known.
   */
  @Override
  public double[] conditionalLogLikelihoods(Examples examples, IntFunction<PixelMask> known) {
    Objects.requireNonNull(known, "known");
    definition.check(examples);
    Map<KnownParts.Orders, List<Integer>> byOrders = new LinkedHashMap<>();
    List<PixelMask> masks = new ArrayList<>();
    for (int i = 0; i < examples.size(); i++) {
      PixelMask mask = Objects.requireNonNull(known.apply(i), "the mask of an example");
      masks.add(mask);
      KnownParts.Orders orders = KnownParts.orders(definition, mask, i);
      byOrders.computeIfAbsent(orders, any -> new ArrayList<>()).add(i);
    }
    double[] each = new double[examples.size()];
    byOrders.forEach(
        (orders, images) -> {
          Examples some = examples.select(images.stream().mapToInt(i -> i).toArray());
          Scores scores = joined(some, orders.small(), orders.large(), Model::score, false);
          for (int i = 0; i < images.size(); i++) {
            each[images.get(i)] = scores.missingLogLikelihood(i, masks.get(images.get(i)));
          }
        });
    return each;
  }

  /**
   * Returns a sampler of one pyramid, index 0, at temperature 1.
   *
   * @param seed any number; it fixes all randomness
   * @throws IllegalStateException if this is closed
   */
  public MultiScaleSampler sampler(long seed) {
    return MultiScaleSampler.of(this, seed);
  }

  /**
   * Saves both models as one folder; see {@link MultiScaleFolder}.
   *
   * @throws io.weft.save.ModelFormatException if the folder holds anything else
   * @throws IOException if writing fails
   */
  @Override
  public void save(Path folder) throws IOException {
    save(folder, LayerCatalog.standard());
  }

  @Override
  public void save(Path folder, LayerCatalog catalog) throws IOException {
    MultiScaleFolder.of(folder, catalog).save(this);
  }

  @Override
  public void save(OutputStream out, LayerCatalog catalog) throws IOException {
    MultiScaleFolder.save(this, catalog, out);
  }

  /**
   * Returns a pyramid of {@linkplain Model#withoutTrainingState both models} without what training
   * goes on from: saved, it is a quarter to a third as large.
   */
  @Override
  public MultiScaleModel withoutTrainingState() {
    return new MultiScaleModel(
        definition, small.withoutTrainingState(), large.withoutTrainingState());
  }

  /** Returns a pyramid of {@linkplain Model#inHalfPrecision both models} with rounded weights. */
  @Override
  public MultiScaleModel inHalfPrecision() {
    return new MultiScaleModel(definition, small.inHalfPrecision(), large.inHalfPrecision());
  }

  /**
   * Returns a saved pyramid, on the processor.
   *
   * @param folder of the pyramid, or a zip of it; on any file system
   * @throws io.weft.save.ModelFormatException if there is none, or it is damaged, foreign or newer
   * @throws IOException if the files cannot be read
   */
  public static MultiScaleModel load(Path folder) throws IOException {
    return load(folder, LayerCatalog.standard(), Device.cpu());
  }

  /** Returns a saved pyramid as above. {@code catalog} has the models' own layers. */
  public static MultiScaleModel load(Path folder, LayerCatalog catalog, Device device)
      throws IOException {
    return MultiScaleFolder.of(folder, catalog).load(device);
  }

  /**
   * Returns a pyramid from a zip of its folder, on the processor.
   *
   * @param zip read to the end of the zip; stays open
   * @throws io.weft.save.ModelFormatException if there is none, or it is damaged, foreign or newer
   * @throws IOException if reading fails
   */
  public static MultiScaleModel load(InputStream zip) throws IOException {
    return load(zip, LayerCatalog.standard(), Device.cpu());
  }

  /** Returns a pyramid from a zip as above. {@code catalog} has the models' own layers. */
  public static MultiScaleModel load(InputStream zip, LayerCatalog catalog, Device device)
      throws IOException {
    return MultiScaleFolder.load(zip, catalog, device);
  }

  /**
   * Returns a pyramid on the class path, a folder or a zip of it, such as one in a program's own
   * jar; on the processor.
   *
   * @param owner the class beside which the resource lies
   * @param name of the folder or the zip, as {@link Class#getResource} takes it: beside the class,
   *     or from the root of the class path with a slash in front
   * @throws io.weft.save.ModelFormatException if there is none, or it is damaged, foreign or newer
   * @throws IOException if reading fails
   */
  public static MultiScaleModel loadResource(Class<?> owner, String name) throws IOException {
    return loadResource(owner, name, LayerCatalog.standard(), Device.cpu());
  }

  /** Returns a pyramid on the class path as above. {@code catalog} has the models' own layers. */
  public static MultiScaleModel loadResource(
      Class<?> owner, String name, LayerCatalog catalog, Device device) throws IOException {
    return MultiScaleFolder.load(owner, name, catalog, device);
  }

  /** Ends all that is under way with both models, and frees what was compiled for them. */
  @Override
  public void close() {
    try (small) {
      large.close();
    }
  }
}
