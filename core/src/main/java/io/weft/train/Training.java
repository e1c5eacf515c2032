package io.weft.train;

import io.weft.advice.Advice;
import io.weft.data.Examples;
import io.weft.define.Definition;
import io.weft.tensorflow.Batch;
import io.weft.tensorflow.DataInitialisation;
import io.weft.tensorflow.Device;
import io.weft.tensorflow.ScoringProgram;
import io.weft.tensorflow.TrainingProgram;
import io.weft.tensorflow.Versions;
import io.weft.thread.Aside;
import io.weft.thread.Interruption;
import io.weft.thread.OneThread;
import io.weft.thread.Turns;
import io.weft.weight.TrainingState;
import io.weft.weight.Weights;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A training run that is pulled: each call of {@link #next} takes one step, or validates, or ends.
 * No step runs between calls, so whoever pulls can watch, pause and cancel; closing at any moment
 * leaves the model with the weights so far.
 *
 * <p>While a step runs, the batch of the next one is prepared on a daemon thread of this run: it
 * copies the images, and asks the examples for their conditions one step ahead. It may still be at
 * that when a call returns, and then waits. What the examples throw reaches the call whose step
 * they belong to. The thread ends when the run does; when nobody pulls, after a second.
 *
 * <p>The run is a function of the definition, the starting state, the examples and the options. At
 * one thread count it repeats bit for bit, also when it is stopped, saved, loaded and gone on with.
 *
 * <p>For one thread at a time. An interrupt of the thread that pulls ends the run after the step in
 * hand; the first step, which TensorFlow compiles, is left at once, as if it had not begun. See
 * {@link io.weft.thread}.
 */
public final class Training implements AutoCloseable {

  /**
   * Where the run leaves what it has reached.
   *
   * <p>Called on the thread that trains: before {@link TrainingEvent.Validated} and {@link
   * TrainingEvent.Checkpointed}, and once when the run ends or is closed.
   */
  @FunctionalInterface
  public interface Outcome {
    /** Takes new weights, the state to go on from, and the record so far. */
    void publish(Weights weights, TrainingState state, TrainingRecord record);

    /** Takes the record of a run that ended before its first step: weights and state stay. */
    default void publishNothing(TrainingRecord record) {}

    /**
     * Checks before each event that somebody still wants the outcome. What this throws ends the
     * run, having published what was reached, and reaches the caller.
     *
     * @throws IllegalStateException if what is trained is closed
     */
    default void checkOpen() {}
  }

  private static final int EVALUATION_BATCH = 64;

  private final Definition definition;
  private final Examples examples;
  private final TrainingOptions options;
  private final Outcome outcome;
  private final List<TrainingListener> listeners;
  private final Device device;
  private final TrainingProgram program;
  private final Prefetch<Batch> batches;
  private final ExampleOrder order;
  private final OrderDraw orders;
  private final long firstStep;
  private final long lastStep;
  private final OneThread guard = new OneThread("this training");
  private final Turns stepping = new Turns(this::freeSteps);
  private final Turns validating = new Turns(this::freeValidation);
  private final Instant started = Instant.now();
  private final List<TrainingRecord.Point> points = new ArrayList<>();

  private long step;
  private long published = -1;
  private Optional<ScoringProgram> scoring = Optional.empty();
  private @Nullable Weights scored;
  private boolean validationDue;
  private boolean checkpointDue;
  private boolean stopEarly;
  private boolean leftFirstStep;
  private boolean ended;
  private double bitsSinceValidation;
  private long stepsSinceValidation;
  private double bestBits = Double.POSITIVE_INFINITY;
  private int withoutBest;
  private Optional<Weights> bestWeights = Optional.empty();

  private Training(
      Definition definition,
      Examples examples,
      TrainingOptions options,
      Weights weights,
      Optional<TrainingState> state,
      Device device,
      Outcome outcome,
      List<TrainingListener> listeners) {
    this.definition = definition;
    this.examples = examples;
    this.options = options;
    this.outcome = outcome;
    this.listeners = Stream.concat(options.listeners().stream(), listeners.stream()).toList();
    order = new ExampleOrder(examples.size(), options.batch(), options.seed());
    orders = new OrderDraw(definition.orders().size(), options.seed());
    firstStep = state.map(TrainingState::step).orElse(0L);
    step = firstStep;
    // Any number of steps may be asked for: "until I stop it" is the largest.
    long steps = options.steps(order.stepsPerEpoch());
    lastStep = steps > Long.MAX_VALUE - firstStep ? Long.MAX_VALUE : firstStep + steps;
    program =
        TrainingProgram.of(
            definition,
            new TrainingProgram.Settings(
                options.adam().beta1(),
                options.adam().beta2(),
                options.adam().epsilon(),
                options.weightDecay(),
                options.clipNorm(),
                options.averages(),
                options.precision()),
            device,
            state.isPresent()
                ? weights
                : DataInitialisation.of(definition, weights, device, examples, order.indices(0)),
            state);
    this.device = device;
    batches =
        new Prefetch<>(
            number -> program.batch(examples, order.indices(number)), Batch::close, lastStep);
  }

  /**
   * Prepares a run.
   *
   * @param weights where it starts; for a fresh start, what {@link DataInitialisation} makes of
   *     them on the examples of the first step
   * @param state what an earlier run left, to go on from
   * @param listeners hear of every event after those of the options
   * @throws IllegalArgumentException if the examples do not fit the definition
   * @throws IllegalStateException if the precision is not to be had on the device
   * @throws CancellationException if the thread is interrupted
   */
  public static Training of(
      Definition definition,
      Examples examples,
      TrainingOptions options,
      Weights weights,
      Optional<TrainingState> state,
      Device device,
      Outcome outcome,
      List<TrainingListener> listeners) {
    examples.check(definition.image(), definition.conditions());
    options.validation().ifPresent(v -> v.check(definition.image(), definition.conditions()));
    options.precision().check(device);
    return Aside.orLeave(
        () ->
            new Training(definition, examples, options, weights, state, device, outcome, listeners),
        Training::freeSteps);
  }

  private void freeSteps() {
    batches.close();
    program.close();
  }

  private void freeValidation() {
    scoring.ifPresent(ScoringProgram::close);
    scoring = Optional.empty();
  }

  /** Returns whether there is another event. */
  public boolean hasNext() {
    return !ended;
  }

  /**
   * Takes one step, or validates, or gives the model its weights, or ends, and says which, to the
   * listeners first.
   *
   * @throws TrainingException if a value is not finite; the run has then ended
   * @throws IllegalStateException if the model was closed; the run has then ended
   * @throws CancellationException if the thread is interrupted; the run has then ended
   * @throws NoSuchElementException if the run has ended or is closed
   */
  public TrainingEvent next() {
    return guard.use(this::event);
  }

  private TrainingEvent event() {
    if (ended) {
      throw new NoSuchElementException("this training has ended; start another");
    }
    try {
      outcome.checkOpen();
      Interruption.check();
    } catch (IllegalStateException e) {
      close();
      throw e;
    }
    try {
      return due();
    } catch (CancellationException e) {
      close();
      throw e;
    }
  }

  private TrainingEvent due() {
    if (validationDue) {
      return told(validate());
    }
    if (checkpointDue) {
      return told(checkpoint());
    }
    if (stopEarly || step == lastStep) {
      return end(stopEarly ? TrainingEvent.Reason.STOPPED_EARLY : TrainingEvent.Reason.COMPLETED);
    }
    return told(train());
  }

  private TrainingEvent told(TrainingEvent event) {
    listeners.forEach(listener -> listener.on(event));
    return event;
  }

  private TrainingEvent train() {
    double rate = options.adam().rate().at(step);
    var input =
        new TrainingProgram.StepInput(
            rate, step, step, options.averageDecay(step), options.seed(), orders.at(step));
    Taken taken = step == firstStep ? takeFirst(input) : take(input);
    if (taken.where().isPresent()) {
      throw failed(diverged(taken.where().get(), taken.output(), rate));
    }
    int images = order.size(step);
    step++;
    double bits = taken.output().nats() / Math.log(2);
    bitsSinceValidation += bits;
    stepsSinceValidation++;
    long every = options.validateEvery(order.stepsPerEpoch());
    boolean last = step == lastStep;
    validationDue = options.validation().isPresent() && (step % every == 0 || last);
    checkpointDue = validationDue || last || isCheckpoint(options.checkpointEvery());
    return new TrainingEvent.Stepped(
        step, lastStep, epoch(), images, bits, taken.output().gradientNorm(), rate, time(taken));
  }

  /**
   * A step that TensorFlow has run.
   *
   * @param where what was not finite
   * @param called when the step was asked for, in nanoseconds
   * @param begun when its batch was there
   * @param done when it was run
   */
  private record Taken(
      TrainingProgram.StepOutput output,
      Optional<String> where,
      long called,
      long begun,
      long done) {}

  private Taken take(TrainingProgram.StepInput input) {
    long called = System.nanoTime();
    try (Batch batch = batches.take(step)) {
      long begun = System.nanoTime();
      TrainingProgram.StepOutput output = program.step(batch, input);
      long done = System.nanoTime();
      return new Taken(
          output,
          output.isFinite() ? Optional.empty() : Optional.of(program.diagnose(batch, input)),
          called,
          begun,
          done);
    }
  }

  /** Nothing is lost with the first step; and TensorFlow compiles it, which may take long. */
  private Taken takeFirst(TrainingProgram.StepInput input) {
    try {
      return Aside.orLeave(() -> stepping.take(() -> take(input)), taken -> {});
    } catch (CancellationException e) {
      leftFirstStep = true;
      throw e;
    }
  }

  private boolean isCheckpoint(OptionalLong every) {
    return every.isPresent() && step % every.getAsLong() == 0;
  }

  /** Ends the run; what goes wrong in that does not hide why it failed. */
  private TrainingException failed(TrainingException failure) {
    try {
      end(TrainingEvent.Reason.FAILED);
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
    return failure;
  }

  private static StepTime time(Taken taken) {
    return new StepTime(
        Duration.ofNanos(taken.begun() - taken.called()),
        Duration.ofNanos(taken.done() - taken.begun()),
        Duration.ofNanos(System.nanoTime() - taken.done()));
  }

  private TrainingException diverged(String where, TrainingProgram.StepOutput output, double rate) {
    return new TrainingException(
        "step "
            + (step + 1)
            + ": "
            + where
            + " is not finite (loss "
            + output.nats()
            + ", gradient norm "
            + output.gradientNorm()
            + ", learning rate "
            + rate
            + "); the model keeps the weights from before this step",
        Advice.CALM_TRAINING);
  }

  private TrainingEvent validate() {
    validationDue = false;
    Weights now = program.fetchWeights();
    List<Double> each = logLikelihoods(options.validation().orElseThrow(), now);
    double mean = each.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    double bits = -mean / Math.log(2) / definition.image().values();
    double trainingBits = bitsSinceValidation / stepsSinceValidation;
    bitsSinceValidation = 0;
    stepsSinceValidation = 0;
    double seconds = Duration.between(started, Instant.now()).toMillis() / 1e3;
    points.add(new TrainingRecord.Point(step, epoch(), trainingBits, bits, seconds));
    boolean best = bits < bestBits;
    if (best) {
      bestBits = bits;
      withoutBest = 0;
    } else {
      withoutBest++;
    }
    if (options.patience().isPresent()) {
      if (best) {
        bestWeights = Optional.of(now);
      }
      stopEarly = withoutBest >= options.patience().getAsInt();
    }
    publish(TrainingRecord.RUNNING, now);
    return new TrainingEvent.Validated(step, epoch(), trainingBits, bits, best, each);
  }

  private TrainingEvent checkpoint() {
    checkpointDue = false;
    if (published != step) {
      publish(TrainingRecord.RUNNING, program.fetchWeights());
    }
    return new TrainingEvent.Checkpointed(step, epoch());
  }

  /** In float32 whatever the precision of the steps: what scoring the model would find. */
  private List<Double> logLikelihoods(Examples validation, Weights weights) {
    int values = definition.image().values();
    List<Double> each = new ArrayList<>(validation.size());
    for (int from = 0; from < validation.size(); from += EVALUATION_BATCH) {
      int to = Math.min(from + EVALUATION_BATCH, validation.size());
      float[] found = logLikelihoods(validation, from, to, weights);
      for (int image = 0; image < to - from; image++) {
        double sum = 0;
        for (int i = image * values; i < (image + 1) * values; i++) {
          sum += found[i];
        }
        each.add(sum);
      }
    }
    return each;
  }

  private float[] logLikelihoods(Examples validation, int from, int to, Weights weights) {
    // The conditions of examples are somebody's code, for this thread.
    Batch batch =
        Batch.of(validation, definition.conditions(), IntStream.range(from, to).toArray());
    return Aside.orLeave(
        () ->
            validating.take(
                () -> {
                  try (batch) {
                    return scoring(weights).logLikelihoods(batch);
                  }
                }),
        found -> {});
  }

  private ScoringProgram scoring(Weights weights) {
    if (scoring.isEmpty()) {
      scoring = Optional.of(ScoringProgram.of(definition, weights, device));
    } else if (scored != weights) {
      scoring.get().use(weights);
    }
    scored = weights;
    return scoring.get();
  }

  private int epoch() {
    return (int) ((step - 1) / order.stepsPerEpoch()) + 1;
  }

  private void publish(String how, Weights now) {
    published = step;
    outcome.publish(bestWeights.orElse(now), program.fetchState(step), record(how));
  }

  private TrainingRecord record(String how) {
    return new TrainingRecord(
        started,
        TrainingRecord.describe(examples),
        options.method(),
        options.seed(),
        firstStep,
        step,
        how,
        Versions.inWords(),
        points);
  }

  private TrainingEvent end(TrainingEvent.Reason reason) {
    batches.checkMayClose();
    ended = true;
    try {
      if (leftFirstStep) {
        outcome.publishNothing(record(reason.name()));
      } else {
        publish(reason.name(), program.fetchWeights());
      }
    } finally {
      // What was left is freed when it ends by itself.
      stepping.close();
      validating.close();
    }
    return told(new TrainingEvent.Finished(step, reason));
  }

  /**
   * Ends the run, when the call that another thread has in hand is done; the model keeps what was
   * reached. Closing again does nothing.
   */
  @Override
  public void close() {
    guard.afterwards(
        () -> {
          if (!ended) {
            end(TrainingEvent.Reason.CANCELLED);
          }
        });
  }
}
