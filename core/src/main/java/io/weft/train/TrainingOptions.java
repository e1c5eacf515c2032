package io.weft.train;

import io.weft.advice.Advice;
import io.weft.advice.AdvisedException;
import io.weft.data.Examples;
import io.weft.tensorflow.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How to train. Immutable; made by {@link #seed(long)} and the builder that it returns.
 *
 * <pre>{@code
 * TrainingOptions.seed(7).epochs(3).batch(16).adam(Adam.withRate(1e-3)).validateOn(test).build()
 * }</pre>
 */
public final class TrainingOptions {

  private final long seed;
  private final OptionalLong steps;
  private final int epochs;
  private final int batch;
  private final Adam adam;
  private final double weightDecay;
  private final double clipNorm;
  private final double averageDecay;
  private final Precision precision;
  private final Optional<Examples> validation;
  private final OptionalLong validateEvery;
  private final OptionalInt patience;
  private final OptionalLong checkpointEvery;
  private final List<TrainingListener> listeners;

  private TrainingOptions(Builder builder) {
    seed = builder.seed;
    steps = builder.steps;
    epochs = builder.epochs;
    batch = builder.batch;
    adam = builder.adam;
    weightDecay = builder.weightDecay;
    clipNorm = builder.clipNorm;
    averageDecay = builder.averageDecay;
    precision = builder.precision;
    validation = builder.validation;
    validateEvery = builder.validateEvery;
    patience = builder.patience;
    checkpointEvery = builder.checkpointEvery;
    listeners = List.copyOf(builder.listeners);
  }

  /**
   * Starts options: 1 epoch, batches of 16, Adam at 1e-3, in float32, nothing else.
   *
   * @param seed any number; it decides the order of the examples and all noise
   */
  public static Builder seed(long seed) {
    return new Builder(seed);
  }

  /** Returns the seed. */
  public long seed() {
    return seed;
  }

  /**
   * Returns how many further steps are taken.
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

  /** Returns the optimiser. */
  public Adam adam() {
    return adam;
  }

  /** Returns the factor of half the weights' square sum in the loss. */
  public double weightDecay() {
    return weightDecay;
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
   * Returns how much of the Polyak average a step keeps: the decay asked for, and less in the first
   * steps, min(decay, (1 + step) / (10 + step)), so that the start is forgotten soon.
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

  /** Returns after how many steps the model is given weights and state, validations aside. */
  public OptionalLong checkpointEvery() {
    return checkpointEvery;
  }

  /** Returns who hears of every event of the run. */
  public List<TrainingListener> listeners() {
    return listeners;
  }

  @Override
  public String toString() {
    return (steps.isPresent() ? steps.getAsLong() + " steps" : epochs + " epochs")
        + ", "
        + method();
  }

  /**
   * Returns in words all that decides what a step does, and nothing of how long training takes or
   * who watches: runs of one method, on the same examples, take the same steps.
   */
  public String method() {
    return "seed "
        + seed
        + ", batch "
        + batch
        + ", "
        + adam
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
    private int batch = 16;
    private Adam adam = Adam.withRate(1e-3);
    private double weightDecay;
    private double clipNorm = Double.POSITIVE_INFINITY;
    private double averageDecay;
    private Precision precision = Precision.FLOAT32;
    private Optional<Examples> validation = Optional.empty();
    private OptionalLong validateEvery = OptionalLong.empty();
    private OptionalInt patience = OptionalInt.empty();
    private OptionalLong checkpointEvery = OptionalLong.empty();
    private final List<TrainingListener> listeners = new ArrayList<>();

    private Builder(long seed) {
      this.seed = seed;
    }

    /** Trains for {@code count} further passes over the examples, at least 1. */
    public Builder epochs(int count) {
      epochs = (int) atLeastOne("epochs", count);
      steps = OptionalLong.empty();
      return this;
    }

    /** Trains for {@code count} further steps, at least 1, in place of epochs. */
    public Builder steps(long count) {
      steps = OptionalLong.of(atLeastOne("steps", count));
      return this;
    }

    /** Takes {@code size} examples a step, at least 1. */
    public Builder batch(int size) {
      batch = (int) atLeastOne("batch size", size);
      return this;
    }

    /** Uses this optimiser. */
    public Builder adam(Adam optimiser) {
      adam = Objects.requireNonNull(optimiser, "optimiser");
      return this;
    }

    /** Trains as a paper did: takes the recipe's optimiser and its Polyak average. */
    public Builder recipe(TrainingRecipe recipe) {
      return adam(recipe.adam()).polyak(recipe.polyak());
    }

    /** Adds half of {@code factor} times the weights' square sum to the loss; biases are spared. */
    public Builder weightDecay(double factor) {
      if (!(factor >= 0 && Double.isFinite(factor))) {
        throw new IllegalArgumentException("weight decay is at least 0, found " + factor);
      }
      weightDecay = factor;
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
     * Keeps a Polyak average of the weights, which scores, samples and is the model's.
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

    /** Validates on {@code examples} after every epoch. */
    public Builder validateOn(Examples examples) {
      validation = Optional.of(Objects.requireNonNull(examples, "examples"));
      return this;
    }

    /** Validates at every multiple of {@code count} steps in place of every epoch. */
    public Builder validateEvery(long count) {
      validateEvery = OptionalLong.of(atLeastOne("steps between validations", count));
      return this;
    }

    /**
     * Stops early: after {@code validations} without a new best, the weights of the best validation
     * are the model's.
     */
    public Builder stopEarly(int validations) {
      patience = OptionalInt.of((int) atLeastOne("patience", validations));
      return this;
    }

    /**
     * Gives the model weights and state at every multiple of {@code count} steps too, not only
     * after validations and the last step: see {@link TrainingEvent.Checkpointed}.
     */
    public Builder checkpointEvery(long count) {
      checkpointEvery = OptionalLong.of(atLeastOne("steps between checkpoints", count));
      return this;
    }

    /** Tells {@code listener} of every event, after those that were given before. */
    public Builder listen(TrainingListener listener) {
      listeners.add(Objects.requireNonNull(listener, "listener"));
      return this;
    }

    /**
     * Returns the options.
     *
     * @throws IllegalArgumentException if early stopping is asked for without validation
     */
    public TrainingOptions build() {
      if (patience.isPresent() && validation.isEmpty()) {
        throw new AdvisedException("early stopping needs examples to validate on", Advice.VALIDATE);
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
