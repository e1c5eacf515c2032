package io.weft.anomaly;

import io.weft.Model;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.data.Mutation;
import io.weft.define.Definition;
import io.weft.engine.Device;
import io.weft.internal.Seam;
import io.weft.json.LayerCatalog;
import io.weft.score.Scores;
import io.weft.train.TrainingOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/**
 * Finds images that are unlike good ones, having seen good ones only: a model of good images, a
 * background model of the same form that was trained on them with values replaced at random ({@link
 * Mutation}), and the scores of good images that neither was trained on.
 *
 * <pre>{@code
 * try (AnomalyDetector detector = AnomalyDetector.builder(definition).fit(good)) {
 *   Anomalies found = detector.check(images);
 *   boolean strange = found.isAnomalous(0);
 * }
 * }</pre>
 *
 * <p>Threads may share one. Close it to free what was compiled for its models.
 */
public final class AnomalyDetector implements AutoCloseable {

  private final Model model;
  private final Model background;
  private final Calibration calibration;
  private final AnomalyScore score;
  private final double falseAlarms;
  private final Optional<AutomaticChoice> choice;

  /** Takes over the models. */
  AnomalyDetector(
      Model model,
      Model background,
      Calibration calibration,
      AnomalyScore score,
      double falseAlarms,
      Optional<AutomaticChoice> choice) {
    this.model = model;
    this.background = background;
    this.calibration = calibration;
    this.score = score;
    this.falseAlarms = falseAlarms;
    this.choice = choice;
  }

  /**
   * Begins a detector whose two models are of this definition: the score chosen automatically, 5
   * false alarms in 100 good images, one epoch of training.
   *
   * @param definition a model without conditions
   * @throws IllegalArgumentException if it has conditions
   */
  public static Builder builder(Definition definition) {
    return new Builder(definition);
  }

  /** Collects what a detector is fit by; each method checks its range at once. */
  public static final class Builder {

    /** A share of good images that models are not trained on; half of them calibrates. */
    private static final double HELD_OUT = 0.2;

    private static final double MUTATED = 0.2;
    private static final double FALSE_ALARMS = 0.05;

    private final Definition definition;
    private TrainingOptions training = TrainingOptions.seed(0).build();
    private double mutationRate = MUTATED;
    private double falseAlarms = FALSE_ALARMS;
    private Optional<AnomalyScore> score = Optional.empty();
    private Device device = Device.cpu();

    private Builder(Definition definition) {
      this.definition = Objects.requireNonNull(definition, "definition");
      if (!definition.conditions().isEmpty()) {
        throw new IllegalArgumentException(
            "a detector's models are of images alone, but \""
                + definition.name()
                + "\" is conditioned on \""
                + definition.conditions().get(0).name()
                + "\"; declare it without");
      }
    }

    /** Trains both models by these options; their seed decides all that is drawn. */
    public Builder training(TrainingOptions options) {
      training = Objects.requireNonNull(options, "options");
      return this;
    }

    /** Trains the background model on images with this share of values replaced. */
    public Builder mutationRate(double rate) {
      Mutation.of(rate, 0);
      mutationRate = rate;
      return this;
    }

    /** Flags good images no more often than this, above 0 and below 1. */
    public Builder falseAlarms(double rate) {
      Calibration.checkRate(rate, Integer.MAX_VALUE);
      falseAlarms = rate;
      return this;
    }

    /** Tells images by this score, in place of the one that {@link AutomaticChoice} finds. */
    public Builder score(AnomalyScore by) {
      score = Optional.of(by);
      return this;
    }

    /** Trains and scores there. */
    public Builder device(Device where) {
      device = Objects.requireNonNull(where, "device");
      return this;
    }

    /**
     * Trains both models and calibrates: of the good images, drawn at random by the seed, four in
     * five are trained on, one in ten makes and chooses the scores, and one in ten says how high
     * those of good images are. Labels are not looked at. Interrupting the thread cancels.
     *
     * @throws IllegalArgumentException if the images do not fit the model, or are too few for the
     *     rate of false alarms; the message says how many held-out ones it takes
     * @throws java.util.concurrent.CancellationException if the thread is interrupted
     * @throws io.weft.train.TrainingException if a value is not finite, or training has diverged
     */
    public AnomalyDetector fit(ImageSet good) {
      Examples.of(good).check(definition.image(), definition.conditions());
      checkHeldOut((int) Math.round(HELD_OUT * good.size()), falseAlarms);
      ImageSet.Split split = good.unlabelled().split(HELD_OUT, training.seed());
      return withModels(
          (model, background) -> {
            Examples examples = Examples.of(split.train());
            Mutation mutation = Mutation.of(mutationRate, training.seed());
            model.train(examples, training);
            background.train(
                examples.varied(mutation),
                training
                    .validation()
                    .map(v -> training.validatingOn(v.varied(mutation)))
                    .orElse(training));
            return calibrated(
                model, background, split.validation(), score, falseAlarms, training.seed());
          });
    }

    /** What makes a detector of two fresh models. */
    private interface Fitting {
      AnomalyDetector of(Model model, Model background);
    }

    private AnomalyDetector withModels(Fitting fitting) {
      Model model = Model.initial(definition, training.seed(), device);
      Model background = Model.initial(definition, training.seed(), device);
      boolean done = false;
      try {
        AnomalyDetector detector = fitting.of(model, background);
        done = true;
        return detector;
      } finally {
        if (!done) {
          try (model) {
            background.close();
          }
        }
      }
    }
  }

  /**
   * Returns a detector of models that are there already, which chooses its score by itself.
   *
   * @param model of good images; closed with the detector
   * @param background of images in general, of the same form; closed with the detector
   * @param heldOut good images that neither was trained on; half of them makes and chooses the
   *     scores, the other half says how high those of good images are
   * @param falseAlarms flags good images no more often than this, above 0 and below 1
   * @param seed decides what is done to images to choose the score
   * @throws IllegalArgumentException if the images do not fit the models, a model has conditions,
   *     or there are too few images for the rate
   */
  public static AnomalyDetector of(
      Model model, Model background, ImageSet heldOut, double falseAlarms, long seed) {
    checkHeldOut(heldOut.size(), falseAlarms);
    return calibrated(model, background, heldOut.unlabelled(), Optional.empty(), falseAlarms, seed);
  }

  private static void checkHeldOut(int images, double falseAlarms) {
    Calibration.checkRate(falseAlarms, images / 2);
    if (images / 2 <= Measures.COUNT) {
      throw new IllegalArgumentException(
          images
              + " held-out good images are too few to say what good ones score; expected more than "
              + (2 * Measures.COUNT + 1)
              + ". Give more good images");
    }
  }

  private static AnomalyDetector calibrated(
      Model model,
      Model background,
      ImageSet heldOut,
      Optional<AnomalyScore> score,
      double falseAlarms,
      long seed) {
    ImageSet making = half(heldOut, 0);
    List<Measures> good = Measured.each(making, (some, first) -> some, model, background);
    Gaussian gaussian = Gaussian.of(good.stream().map(Measures::vector).toList());
    HeldOut calibrating = new HeldOut();
    Measured.inParts(half(heldOut, 1), (some, first) -> some, model, background, calibrating::add);
    Calibration calibration = Calibration.of(gaussian, calibrating);
    Optional<AutomaticChoice> choice =
        score.isPresent()
            ? Optional.empty()
            : Optional.of(AutomaticChoice.of(gaussian, making, good, model, background, seed));
    AnomalyScore by = score.orElseGet(() -> choice.orElseThrow().best());
    return new AnomalyDetector(model, background, calibration, by, falseAlarms, choice);
  }

  /** Every other image, from a first one. */
  private static ImageSet half(ImageSet images, int first) {
    return images.select(IntStream.range(0, images.size()).filter(i -> i % 2 == first).toArray());
  }

  /** Returns the definition of the model of good images. */
  public Definition definition() {
    return model.definition();
  }

  /** Returns the score that images are told by. */
  public AnomalyScore score() {
    return score;
  }

  /** Returns why the score was chosen; empty where it was given. */
  public Optional<AutomaticChoice> choice() {
    return choice;
  }

  /** Returns the share of good images that are flagged, at most. */
  public double falseAlarms() {
    return falseAlarms;
  }

  /** Returns the score above which an image is flagged. */
  public double threshold() {
    return calibration.threshold(score, falseAlarms);
  }

  /**
   * Returns the score above which an image would be flagged by another score, or at another rate of
   * false alarms; nothing is computed anew.
   *
   * @param by what images are told by
   * @param rate the share of good images that are flagged, at most, above 0 and below 1
   * @throws IllegalArgumentException if there are too few held-out good images for the rate; the
   *     message says how many it takes
   */
  public double threshold(AnomalyScore by, double rate) {
    Calibration.checkRate(rate, calibration.size());
    return calibration.threshold(Objects.requireNonNull(by, "by"), rate);
  }

  /** Returns how many held-out good images the p-values are of. */
  public int heldOut() {
    return calibration.size();
  }

  /**
   * Returns how strange images are: two passes over them.
   *
   * @throws IllegalArgumentException if the images do not fit the model
   * @throws IllegalStateException if the detector is closed
   * @throws ArithmeticException if a log-likelihood is not finite; the message names the example
   */
  public Anomalies check(ImageSet images) {
    return check(images, Model::score);
  }

  /**
   * Returns how strange images are as above, by scores that are found elsewhere.
   *
   * @param scoring gives the scores of examples under each of the two models
   */
  @Seam
  public Anomalies check(ImageSet images, BiFunction<Model, Examples, Scores> scoring) {
    return new Anomalies(
        Measured.of(
            images,
            examples -> scoring.apply(model, examples),
            examples -> scoring.apply(background, examples)),
        calibration,
        score,
        falseAlarms);
  }

  /**
   * Saves this detector as a folder, replacing one that was there; see {@link DetectorFolder}.
   *
   * @throws io.weft.save.ModelFormatException if the folder holds anything else
   * @throws IOException if writing fails
   */
  public void save(Path folder) throws IOException {
    save(folder, LayerCatalog.standard());
  }

  /** Saves this detector as above. {@code catalog} has its models' own layers. */
  public void save(Path folder, LayerCatalog catalog) throws IOException {
    DetectorFolder.of(folder, catalog).save(this);
  }

  /**
   * Returns a saved detector, on the processor.
   *
   * @throws io.weft.save.ModelFormatException if there is none, or it is damaged, foreign or newer
   * @throws IOException if the files cannot be read
   */
  public static AnomalyDetector load(Path folder) throws IOException {
    return load(folder, LayerCatalog.standard(), Device.cpu());
  }

  /** Returns a saved detector as above. {@code catalog} has its models' own layers. */
  public static AnomalyDetector load(Path folder, LayerCatalog catalog, Device device)
      throws IOException {
    return DetectorFolder.of(folder, catalog).load(device);
  }

  /**
   * Returns the model of good images, which draws and scores as any other. It is closed with the
   * detector.
   */
  public Model model() {
    return model;
  }

  Model background() {
    return background;
  }

  Calibration calibration() {
    return calibration;
  }

  /** Ends all that is under way with both models, and frees what was compiled for them. */
  @Override
  public void close() {
    try (model) {
      background.close();
    }
  }

  @Override
  public String toString() {
    return "a detector of what is unlike the images of " + definition().name() + ", by " + score;
  }
}
