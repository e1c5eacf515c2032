package io.weft.train;

import io.weft.advice.Advice;
import io.weft.advice.AdvisedException;
import io.weft.data.Examples;
import io.weft.define.Definition;
import io.weft.engine.Precision;
import io.weft.internal.Seam;
import io.weft.internal.thread.ThreadLimit;
import io.weft.optimise.Adam;
import io.weft.optimise.Optimiser;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How to train. Immutable; made by {@link #seed(long)} and the builder that it returns.
 *
 * <pre>{@code
 * TrainingOptions.seed(7).epochs(3).optimiser(Adam.withRate(1e-3)).validateOn(test).build()
 * }</pre>
 */
public final class TrainingOptions {

  private final long seed;
  private final OptionalLong steps;
  private final int epochs;
  private final Optional<FineTune> fineTune;
  private final int batch;
  private final OptionalInt microBatch;
  private final OptionalInt threads;
  private final Optional<GradientSource.Provider> gradients;
  private final Optimiser optimiser;
  private final double weightDecay;
  private final LayerRates layerRates;
  private final double clipNorm;
  private final double averageDecay;
  private final Precision precision;
  private final Optional<Examples> validation;
  private final OptionalLong validateEvery;
  private final OptionalInt patience;
  private final double leastGain;
  private final Optional<Keep> keep;
  private final OptionalLong checkpointEvery;
  private final List<RunListener> listeners;
  private final Map<String, Metric> metrics;

  private TrainingOptions(Builder builder) {
    seed = builder.seed;
    steps = builder.steps;
    epochs = builder.epochs;
    fineTune = builder.fineTune;
    batch = builder.batch;
    microBatch = builder.microBatch;
    threads = builder.threads;
    gradients = Optional.empty();
    optimiser = builder.optimiser;
    weightDecay = builder.weightDecay;
    layerRates = builder.layerRates;
    clipNorm = builder.clipNorm;
    averageDecay = builder.averageDecay;
    precision = builder.precision;
    validation = builder.validation;
    validateEvery = builder.validateEvery;
    patience = builder.patience;
    leastGain = builder.leastGain;
    keep = builder.keep;
    checkpointEvery = builder.checkpointEvery;
    listeners = List.copyOf(builder.listeners);
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(builder.metrics));
  }

  private TrainingOptions(
      TrainingOptions other,
      Optional<Examples> examples,
      Optional<GradientSource.Provider> provider) {
    seed = other.seed;
    steps = other.steps;
    epochs = other.epochs;
    fineTune = other.fineTune;
    batch = other.batch;
    microBatch = other.microBatch;
    threads = other.threads;
    gradients = provider;
    optimiser = other.optimiser;
    weightDecay = other.weightDecay;
    layerRates = other.layerRates;
    clipNorm = other.clipNorm;
    averageDecay = other.averageDecay;
    precision = other.precision;
    validation = examples;
    validateEvery = other.validateEvery;
    patience = other.patience;
    leastGain = other.leastGain;
    keep = other.keep;
    checkpointEvery = other.checkpointEvery;
    listeners = other.listeners;
    metrics = other.metrics;
  }

  /**
   * Starts options: 1 epoch, batches of 16, Adam at 1e-3, in float32, nothing else.
   *
   * @param seed any number; it decides the order of the examples and all noise
   */
  public static Builder seed(long seed) {
    return new Builder(seed);
  }

  /** Returns the same options, but validating on other examples, where these validate at all. */
  public TrainingOptions validatingOn(Examples examples) {
    return new TrainingOptions(this, validation.map(before -> examples), gradients);
  }

  /**
   * Returns the same options, but with gradients from elsewhere.
   *
   * @throws IllegalStateException if no micro-batches are asked for, which alone may come from
   *     elsewhere
   */
  @Seam
  public TrainingOptions withGradients(GradientSource.Provider provider) {
    Objects.requireNonNull(provider, "provider");
    if (microBatch.isEmpty()) {
      throw new IllegalStateException(
          "gradients are computed elsewhere in micro-batches; say of how many images (microBatch)");
    }
    return new TrainingOptions(this, validation, Optional.of(provider));
  }

  GradientSource.Provider gradients() {
    int most = ThreadLimit.atMost(threads.orElse(ThreadLimit.all()));
    return gradients.orElse(work -> LocalGradients.of(work, most));
  }

  /** Returns the seed. */
  public long seed() {
    return seed;
  }

  /** Returns how many steps one pass over examples takes. */
  public long stepsPerEpoch(Examples examples) {
    return ExampleOrder.of(examples, batch, seed).stepsPerEpoch();
  }

  /**
   * Returns how many steps the run takes in all.
   *
   * @param stepsPerEpoch steps in one pass over the examples
   */
  public long steps(long stepsPerEpoch) {
    return steps.orElse(epochs * stepsPerEpoch);
  }

  /** Returns how many examples a step takes; the last one of an epoch may take fewer. */
  public int batch() {
    return batch;
  }

  /** Returns what a run that fine-tunes takes over; empty for one that does not say so. */
  public Optional<FineTune> fineTune() {
    return fineTune;
  }

  /**
   * Returns of how many examples a gradient is computed at a time; of all, where nothing is said.
   */
  public OptionalInt microBatch() {
    return microBatch;
  }

  /** Returns how many micro-batches are computed side by side at most; one for each core. */
  public OptionalInt threads() {
    return threads;
  }

  /** Returns the optimiser. */
  public Optimiser optimiser() {
    return optimiser;
  }

  /** Returns the factor of half the weights' square sum in the loss. */
  public double weightDecay() {
    return weightDecay;
  }

  LayerRates layerRates() {
    return layerRates;
  }

  /**
   * Checks, ahead of other work, that a definition has the layers that are named, and one to train.
   *
   * @throws IllegalArgumentException if not; the message lists those that there are
   */
  public void check(Definition definition) {
    layerRates.check(definition);
  }

  /** Returns the global norm that gradients are scaled down to; infinite for no clipping. */
  public double clipNorm() {
    return clipNorm;
  }

  /** Returns whether the model keeps a Polyak average. */
  public boolean averages() {
    return averageDecay > 0;
  }

  /**
   * Returns how much of the Polyak average a step keeps: the decay asked for, and less in the
   * model's first steps, min(decay, (1 + step) / (10 + step)), so that its start is forgotten soon.
   *
   * @param step steps that the model has been trained for, in all its runs
   */
  public double averageDecay(long step) {
    return Math.min(averageDecay, (1.0 + step) / (10.0 + step));
  }

  /** Returns what a step computes in. */
  public Precision precision() {
    return precision;
  }

  /** Returns the examples to validate on. */
  public Optional<Examples> validation() {
    return validation;
  }

  /**
   * Returns after how many steps to validate.
   *
   * @param stepsPerEpoch steps in one pass over the examples
   */
  public long validateEvery(long stepsPerEpoch) {
    return validateEvery.orElse(stepsPerEpoch);
  }

  /** Returns after how many validations without a new best training stops. */
  public OptionalInt patience() {
    return patience;
  }

  /** Returns how many bits per dimension less than before count as a gain, for early stopping. */
  public double leastGain() {
    return leastGain;
  }

  /** Returns which weights the model is given: the best, unless told otherwise or not validated. */
  public Keep keep() {
    return keep.orElse(validation.isPresent() ? Keep.BEST : Keep.LAST);
  }

  /** Returns after how many steps the model is given weights and state, validations aside. */
  public OptionalLong checkpointEvery() {
    return checkpointEvery;
  }

  /** Returns who hears of every event of the run. */
  public List<RunListener> listeners() {
    return listeners;
  }

  /** Returns what is measured at each validation, by name. */
  public Map<String, Metric> metrics() {
    return metrics;
  }

  @Override
  public String toString() {
    return (steps.isPresent() ? steps.getAsLong() + " steps" : epochs + " epochs")
        + ", "
        + methodWithoutValidation();
  }

  /**
   * Returns in words all that decides what a step does, and nothing of how long training takes or
   * who watches: runs of one method, on the same examples, take the same steps. Where the learning
   * rate follows validation, when that is and the {@linkplain Examples#description description} of
   * its examples are part of it, for which these may all be looked at.
   */
  public String method() {
    return methodWithoutValidation() + (optimiser.rate().needsValidation() ? validating() : "");
  }

  private String validating() {
    return ", validating every "
        + (validateEvery.isPresent() ? validateEvery.getAsLong() + " steps" : "epoch")
        + " on "
        + validation.orElseThrow().description();
  }

  /** Returns the method in the words of records before they said how such runs validate. */
  String methodWithoutValidation() {
    return fineTune.map(FineTune::words).orElse("")
        + "seed "
        + seed
        + ", batch "
        + batch
        + (microBatch.isPresent() ? ", micro-batch " + microBatch.getAsInt() : "")
        + ", "
        + optimiser
        + (layerRates.equals(LayerRates.NONE) ? "" : ", layer rates " + layerRates.factors())
        + ", weight decay "
        + weightDecay
        + ", clip norm "
        + clipNorm
        + ", Polyak average "
        + averageDecay
        + ", precision "
        + precision;
  }

  /** Collects options; each method checks its range at once. */
  public static final class Builder {
    private final long seed;
    private OptionalLong steps = OptionalLong.empty();
    private int epochs = 1;
    private Optional<FineTune> fineTune = Optional.empty();
    private int batch = 16;
    private OptionalInt microBatch = OptionalInt.empty();
    private OptionalInt threads = OptionalInt.empty();
    private Optimiser optimiser = Adam.withRate(1e-3);
    private double weightDecay;
    private LayerRates layerRates = LayerRates.NONE;
    private double clipNorm = Double.POSITIVE_INFINITY;
    private double averageDecay;
    private Precision precision = Precision.FLOAT32;
    private Optional<Examples> validation = Optional.empty();
    private OptionalLong validateEvery = OptionalLong.empty();
    private OptionalInt patience = OptionalInt.empty();
    private double leastGain;
    private Optional<Keep> keep = Optional.empty();
    private OptionalLong checkpointEvery = OptionalLong.empty();
    private final List<RunListener> listeners = new ArrayList<>();
    private final Map<String, Metric> metrics = new LinkedHashMap<>();

    private Builder(long seed) {
      this.seed = seed;
    }

    /** Trains for {@code count} passes over the examples, at least 1. */
    public Builder epochs(int count) {
      epochs = (int) atLeastOne("epochs", count);
      steps = OptionalLong.empty();
      return this;
    }

    /** Trains for {@code count} steps, at least 1, in place of epochs. */
    public Builder steps(long count) {
      steps = OptionalLong.of(atLeastOne("steps", count));
      return this;
    }

    /** Takes {@code size} examples a step, at least 1; all, if there are fewer. */
    public Builder batch(int size) {
      batch = (int) atLeastOne("batch size", size);
      return this;
    }

    /**
     * Fine-tunes a trained model: a new run, whose record says so, with a schedule of its own and
     * what {@code how} takes over. To resume it, say the same.
     */
    public Builder fineTune(FineTune how) {
      fineTune = Optional.of(how);
      return this;
    }

    /**
     * Cuts each batch into micro-batches of {@code size} examples, at least 1, by their place in
     * it. The gradient of each is computed alone, on one thread, so that cores work on several side
     * by side; they are summed in a fixed order, pairs of neighbours first, and the rest of the
     * step is done in Java. So a batch of 256 trains in the memory of as many examples as there are
     * threads times {@code size}, and the run has the same bits on any number of threads and cores,
     * where processors compute alike.
     *
     * <p>It is the same method but for rounding, where layers do not look across examples: dropout
     * draws other noise; batch normalisation normalises over the micro-batch, and its statistics
     * take the mean of what the micro-batches would make of them. Parameters that start from data
     * are measured on the first 16 examples, or the first micro-batch if that is larger.
     *
     * <p>TensorFlow has to compute with one thread for it: start Java with the environment variable
     * {@code TF_OVERRIDE_GLOBAL_THREADPOOL=1}, which gives each of its sessions threads of its own,
     * or train before anything else in the process uses TensorFlow, all of which then computes with
     * one thread. A run that can have neither is refused. (On a GPU this is gradient accumulation
     * only.)
     */
    public Builder microBatch(int size) {
      microBatch = OptionalInt.of((int) atLeastOne("micro-batch size", size));
      return this;
    }

    /**
     * Computes at most {@code count} micro-batches side by side, at least 1: each takes a core and
     * memory of its own. Makes no other difference, and none without {@link #microBatch}.
     */
    public Builder threads(int count) {
      threads = OptionalInt.of((int) atLeastOne("threads", count));
      return this;
    }

    /** Uses this optimiser. */
    public Builder optimiser(Optimiser value) {
      optimiser = Objects.requireNonNull(value, "optimiser");
      return this;
    }

    /** Takes all that a recipe says: batch, optimiser, norm and Polyak average. */
    public Builder recipe(TrainingRecipe recipe) {
      return batch(recipe.batch())
          .optimiser(recipe.optimiser())
          .clipNorm(recipe.clipNorm())
          .polyak(recipe.polyak());
    }

    /** Adds half of {@code factor} times the weights' square sum to the loss; biases are spared. */
    public Builder weightDecay(double factor) {
      if (!(factor >= 0 && Double.isFinite(factor))) {
        throw new IllegalArgumentException("weight decay is at least 0, found " + factor);
      }
      weightDecay = factor;
      return this;
    }

    /**
     * Leaves layers as they are: their weights, their statistics and their share of the Polyak
     * average. What is behind them is trained all the same.
     *
     * @param layers names of layers, of blocks with all that is in them, or of parameters, as
     *     {@code Weights.names} has them: "block/horizontal", "block", "block/horizontal/kernel".
     *     What is not there is refused where training begins.
     */
    public Builder freeze(String... layers) {
      for (String layer : layers) {
        layerRates = layerRates.with(layer, 0);
      }
      return this;
    }

    /** Freezes everything but {@code layers}, named as above. */
    public Builder trainOnly(String... layers) {
      layerRates = layerRates.with(LayerRates.ALL, 0);
      for (String layer : layers) {
        layerRates = layerRates.with(layer, 1);
      }
      return this;
    }

    /**
     * Multiplies the learning rate of one layer, or of all in a block. Where several names fit, the
     * longest counts.
     *
     * @param layer a name, as {@link #freeze} takes it
     * @param factor at least 0; 0 freezes
     */
    public Builder layerRate(String layer, double factor) {
      if (!(factor >= 0 && Double.isFinite(factor))) {
        throw new IllegalArgumentException(
            "the learning rate of a layer is multiplied by at least 0, found " + factor);
      }
      layerRates = layerRates.with(layer, factor);
      return this;
    }

    /** Scales gradients down to the global norm {@code norm} where it is larger. */
    public Builder clipNorm(double norm) {
      if (!(norm > 0)) {
        throw new IllegalArgumentException("a clip norm is above 0, found " + norm);
      }
      clipNorm = norm;
      return this;
    }

    /**
     * Keeps a Polyak average of the weights, which scores, samples and is the model's. A new run
     * without it starts from the average that the run before has left, and leaves what it trains.
     *
     * @param decay how much of it a step keeps, in (0, 1); PixelCNN++ takes 0.9995
     */
    public Builder polyak(double decay) {
      if (!(decay > 0 && decay < 1)) {
        throw new IllegalArgumentException(
            "a Polyak average's decay is above 0 and below 1, found " + decay);
      }
      averageDecay = decay;
      return this;
    }

    /**
     * Computes steps in this precision; validation stays in float32. Whether processor and
     * TensorFlow have it is checked where training begins, see {@link Precision#check}.
     */
    public Builder precision(Precision numbers) {
      precision = Objects.requireNonNull(numbers, "precision");
      return this;
    }

    /**
     * Validates on {@code examples} after every epoch. Unless {@link #keep} says otherwise, the
     * weights of the best validation are the model's.
     */
    public Builder validateOn(Examples examples) {
      validation = Optional.of(Objects.requireNonNull(examples, "examples"));
      return this;
    }

    /** Validates at every multiple of {@code count} steps of the run, in place of every epoch. */
    public Builder validateEvery(long count) {
      validateEvery = OptionalLong.of(atLeastOne("steps between validations", count));
      return this;
    }

    /**
     * Stops early: after {@code validations} without a new best. The run ends as {@link #keep}
     * says, in general with the weights of the best.
     */
    public Builder stopEarly(int validations) {
      return stopEarly(validations, 0);
    }

    /**
     * Stops early: after {@code validations} none of which gains at least {@code gain} on the last
     * that did. Weights that are better by less are kept all the same.
     *
     * @param validations at least 1
     * @param gain in bits per dimension, at least 0
     */
    public Builder stopEarly(int validations, double gain) {
      if (!(gain >= 0 && Double.isFinite(gain))) {
        throw new IllegalArgumentException("a least gain is at least 0 bits, found " + gain);
      }
      leastGain = gain;
      patience = OptionalInt.of((int) atLeastOne("patience", validations));
      return this;
    }

    /** Gives the model these of the run's weights: the best by validation, or the last. */
    public Builder keep(Keep which) {
      keep = Optional.of(which);
      return this;
    }

    /**
     * Gives the model weights and state at every multiple of {@code count} steps of the run too,
     * not only after validations and the last step: see {@link TrainingEvent.Checkpointed}.
     */
    public Builder checkpointEvery(long count) {
      checkpointEvery = OptionalLong.of(atLeastOne("steps between checkpoints", count));
      return this;
    }

    /** Tells {@code listener} of every event, after those that were given before. */
    public Builder listen(TrainingListener listener) {
      listeners.add(RunListener.of(listener));
      return this;
    }

    /**
     * Tells {@code listener} of every event too, with the run in its hands: it may stop the run,
     * and look at the weights.
     */
    public Builder control(RunListener listener) {
      listeners.add(Objects.requireNonNull(listener, "listener"));
      return this;
    }

    /**
     * Measures something of one's own at each validation, see {@link
     * TrainingEvent.Validated#metrics}.
     *
     * @param name what it is called; of two of one name the last counts
     */
    public Builder metric(String name, Metric metric) {
      metrics.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(metric, "metric"));
      return this;
    }

    /**
     * Returns the options.
     *
     * @throws IllegalArgumentException if early stopping, the best weights, own metrics, or a
     *     learning rate that follows validation are asked for without validation
     */
    public TrainingOptions build() {
      if (keep.filter(Keep.BEST::equals).isPresent() && validation.isEmpty()) {
        throw new IllegalArgumentException(
            "which weights are best is found by validation; add validateOn");
      }
      if (patience.isPresent() && validation.isEmpty()) {
        throw new AdvisedException("early stopping needs examples to validate on", Advice.VALIDATE);
      }
      if (!metrics.isEmpty() && validation.isEmpty()) {
        throw new AdvisedException(
            "own metrics are measured at validations, and there are no examples for these",
            Advice.VALIDATE);
      }
      if (optimiser.rate().needsValidation() && validation.isEmpty()) {
        throw new AdvisedException(
            "the learning rate follows what validation finds, and there are no examples for it",
            Advice.VALIDATE);
      }
      return new TrainingOptions(this);
    }

    private static long atLeastOne(String what, long value) {
      if (value < 1) {
        throw new IllegalArgumentException(what + ": at least 1, found " + value);
      }
      return value;
    }
  }
}
