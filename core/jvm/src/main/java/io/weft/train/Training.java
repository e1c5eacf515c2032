package io.weft.train;

import io.weft.advice.Advice;
import io.weft.advice.AdvisedException;
import io.weft.data.Examples;
import io.weft.define.Definition;
import io.weft.engine.Batch;
import io.weft.engine.Engine;
import io.weft.engine.Precision;
import io.weft.engine.Scoring;
import io.weft.engine.TrainingSteps;
import io.weft.engine.Versions;
import io.weft.graph.Node;
import io.weft.internal.Seam;
import io.weft.internal.memory.MemoryNeed;
import io.weft.internal.thread.Aside;
import io.weft.internal.thread.Interruption;
import io.weft.internal.thread.OneThread;
import io.weft.internal.thread.Turns;
import io.weft.weight.RunLoss;
import io.weft.weight.TrainingState;
import io.weft.weight.Weights;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A training run that is pulled: each call of {@link #next} takes one step, or validates, or ends.
 * No step runs between calls, so whoever pulls can watch, pause and cancel; closing at any moment
 * leaves the model with what was reached, see {@link Keep}.
 *
 * <p>A new run begins with the model's weights, and with all else anew: learning rates, the order
 * of the examples and noise are counted from its first step, and the optimiser keeps nothing yet. A
 * run that is resumed goes on with what it left.
 *
 * <p>While a step runs, the batch of the next one is prepared on a daemon thread of this run: it
 * copies the images, and asks the examples for their conditions one step ahead. It may still be at
 * that when a call returns, and then waits. What the examples throw reaches the call whose step
 * they belong to. The thread ends when the run does; when nobody pulls, after a second.
 *
 * <p>The run is a function of the definition, what it starts from, the examples and the options. At
 * one thread count it repeats bit for bit, also when it is stopped, saved, loaded and resumed; in
 * {@linkplain TrainingOptions.Builder#microBatch micro-batches} at any.
 *
 * <p>For one thread at a time. An interrupt of the thread that pulls ends the run after the step in
 * hand; the first step, which TensorFlow compiles, is left at once, as if it had not begun. See
 * {@link io.weft}.
 */
public final class Training implements TrainingRun<TrainingEvent> {

  /**
   * Where the run leaves what it has reached.
   *
   * <p>Called on the thread that trains: before {@link TrainingEvent.Validated} and {@link
   * TrainingEvent.Checkpointed}, and once when the run ends or is closed.
   */
  @Seam
  @FunctionalInterface
  public interface Outcome {
    /** Takes new weights, the state to go on from, and the record so far. */
    void publish(Weights weights, TrainingState state, TrainingRecord record);

    /** Hears that the run has ended before it published anything: all stays as it was. */
    default void publishNothing() {}

    /**
     * Checks before each event that somebody still wants the outcome. What this throws ends the
     * run, having published what was reached, and reaches the caller.
     *
     * @throws IllegalStateException if what is trained is closed
     */
    default void checkOpen() {}
  }

  private static final Logger LOG = LoggerFactory.getLogger("io.weft.train");

  private static final int EVALUATION_BATCH = 64;

  /** Images that suffice to measure where weights start, in the memory of small micro-batches. */
  private static final int MEASURED = 16;

  private final Definition definition;
  private final Examples examples;
  private final TrainingOptions options;
  private final TrainingStart start;
  private final Outcome outcome;
  private final List<RunListener> listeners;
  private final RunControl control = new Control();
  private final Engine engine;
  private final StepRunner steps;
  private final ExampleOrder order;
  private final OrderDraw orders;
  private final Words words;
  private final KeptWeights kept;
  private final OneThread guard = new OneThread("this training");
  private final Turns stepping = new Turns(this::freeSteps);
  private final Turns validating = new Turns(this::freeValidation);
  private final long runStart;
  private final long optimiserStart;
  private final long lastStep;
  private final Instant started = Instant.now();
  private final List<TrainingRecord.Point> points;
  private final double secondsBefore;

  private long step;
  private long offered;
  private RunLoss loss;
  private Optional<Scoring> scoring = Optional.empty();
  private @Nullable Weights scored;
  private boolean validationDue;
  private boolean checkpointDue;
  private Optional<Published> published = Optional.empty();
  private boolean leftFirstStep;
  private boolean warned;
  private boolean stopAsked;
  private boolean ended;

  /** What a record says of examples and method: all images may have to be looked at for it. */
  private record Words(String data, String method) {
    static Words of(Examples examples, TrainingOptions options, TrainingStart start) {
      return new Words(
          start.run().map(TrainingRecord::data).orElseGet(examples::description), options.method());
    }
  }

  private Training(
      Definition definition,
      Examples examples,
      TrainingOptions options,
      TrainingStart start,
      Words words,
      Engine engine,
      Outcome outcome,
      List<TrainingListener> listeners) {
    this.definition = definition;
    this.examples = examples;
    this.options = options;
    this.start = start;
    this.outcome = outcome;
    this.listeners =
        Stream.concat(options.listeners().stream(), listeners.stream().map(RunListener::of))
            .toList();
    this.engine = engine;
    order = ExampleOrder.of(examples, options.batch(), options.seed());
    orders = new OrderDraw(definition.orders().size(), options.seed());
    this.words = words;
    runStart = start.runStart();
    optimiserStart = start.optimiserStart();
    step = start.steps();
    offered = step;
    // Any number of steps may be asked for: "until I stop it" is the largest.
    long asked = options.steps(order.stepsPerEpoch());
    lastStep = asked > Long.MAX_VALUE - runStart ? Long.MAX_VALUE : runStart + asked;
    loss = start.state().map(TrainingState::loss).orElse(RunLoss.NONE);
    points = new ArrayList<>(start.run().map(TrainingRecord::validations).orElse(List.of()));
    secondsBefore = points.isEmpty() ? 0 : points.get(points.size() - 1).seconds();
    steps = steps();
    kept = kept();
    // Stopped between a step and its validation. States of older versions do not know the loss.
    validationDue = isValidation() && !isValidated() && loss.steps() > 0;
    checkpointDue = validationDue;
  }

  private StepRunner steps() {
    var settings =
        new TrainingSteps.Settings(
            options.optimiser(),
            options.weightDecay(),
            options.layerRates().of(definition),
            options.clipNorm(),
            options.averages(),
            options.precision());
    if (options.microBatch().isEmpty()) {
      return new WholeBatches(
          engine.training(
              definition, settings, initialised(engine, options.batch()), start.state()),
          new Prefetch<>(
              number ->
                  Batch.ofEpoch(
                      order.epoch(number),
                      examples,
                      definition.conditions(),
                      order.indices(number)),
              lastStep - runStart));
    }
    int measured = Math.max(options.microBatch().getAsInt(), MEASURED);
    Weights weights = initialised(engine.onOneThread(), measured);
    var update = new WeightUpdate(definition, settings, weights, start.state());
    var work = new GradientWork(definition, examples, engine, options, lastStep - runStart);
    return new MicroBatches(options.gradients().open(work), update);
  }

  /** Returns the weights to start from, measured where need be on some images of the first step. */
  private Weights initialised(Engine on, int images) {
    int[] first = order.indices(0);
    return start.steps() > 0
        ? start.weights()
        : on.initialised(
            definition,
            start.weights(),
            examples,
            Arrays.copyOf(first, Math.min(images, first.length)));
  }

  private KeptWeights kept() {
    double guessing = StrictMath.log(definition.image().levels()) / StrictMath.log(2);
    long keptStep = start.run().map(TrainingRecord::keptStep).orElse(step);
    KeptWeights weights =
        new KeptWeights(options.keep(), start.weights(), keptStep, guessing, options.leastGain());
    loss.first().ifPresent(weights::began);
    start.run().ifPresent(weights::resume);
    return weights;
  }

  /**
   * Prepares a run.
   *
   * @param start where it starts; for a model without a step, what {@link Engine#initialised} makes
   *     of its weights on the examples of the first step
   * @param listeners hear of every event after those of the options
   * @throws IllegalArgumentException if the examples do not fit the definition, or a run that is
   *     resumed had others or another method, or has no steps left
   * @throws IllegalStateException if the precision is not to be had on the device
   * @throws CancellationException if the thread is interrupted
   * @throws io.weft.memory.MemoryException if the machine has no memory for a step
   */
  @Seam
  public static Training of(
      Definition definition,
      Examples examples,
      TrainingOptions options,
      TrainingStart start,
      Engine engine,
      Outcome outcome,
      List<TrainingListener> listeners) {
    examples.check(definition.image(), definition.conditions());
    options.validation().ifPresent(v -> v.check(definition.image(), definition.conditions()));
    options.check(definition);
    checkPrecision(definition, options.precision());
    options.precision().check(options.microBatch().isEmpty() ? engine : engine.onOneThread());
    if (options.microBatch().isEmpty()) {
      MemoryNeed.ofTraining(definition).check(Math.min(options.batch(), examples.size()));
    }
    start.check(examples, options);
    checkFineTunes(start, options);
    if (start.resumed().isEmpty() && start.steps() > 0 && options.fineTune().isEmpty()) {
      LOG.info(
          "a new run begins from the weights that the model has after {} steps; its learning"
              + " rates, optimiser and order of the examples begin anew (to resume the run before"
              + " is another call)",
          start.steps());
    }
    // The conditions of examples are somebody's code, for this thread.
    Words words = Words.of(examples, options, start);
    return Aside.orLeave(
        () -> new Training(definition, examples, options, start, words, engine, outcome, listeners),
        Training::freeSteps);
  }

  private static void checkFineTunes(TrainingStart start, TrainingOptions options) {
    if (options.fineTune().isPresent() && start.steps() == 0) {
      throw new IllegalArgumentException(
          "there is nothing to fine-tune: the model has not been trained; train it first");
    }
  }

  private static void checkPrecision(Definition definition, Precision precision) {
    List<Node.Applied> recurrences = definition.graph().recurrences();
    if (precision == Precision.BFLOAT16 && !recurrences.isEmpty()) {
      throw new AdvisedException(
          "training in bfloat16 was asked for, but layer "
              + recurrences.get(0).name()
              + " of model \""
              + definition.name()
              + "\" reads its own output: such a layer becomes thousands of small operations, which"
              + " TensorFlow runs as they are, without the rewriting that would choose bfloat16 for"
              + " some",
          Advice.TRAIN_IN_FLOAT32);
    }
  }

  private void freeSteps() {
    steps.close();
  }

  private void freeValidation() {
    scoring.ifPresent(Scoring::close);
    scoring = Optional.empty();
  }

  /** Returns how many steps the model will have been trained for when all are taken. */
  public long lastStep() {
    return lastStep;
  }

  @Override
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
  @Override
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
      throw closed(e);
    }
    try {
      return due();
    } catch (CancellationException e) {
      throw closed(e);
    } catch (NotFinite e) {
      throw failed(new TrainingException(atStep(e.getMessage()), calmly()));
    }
  }

  private TrainingEvent due() {
    if (stopAsked) {
      return end(TrainingEvent.Reason.STOPPED);
    }
    if (validationDue) {
      return told(validate());
    }
    if (checkpointDue && checkpoint()) {
      return told(new TrainingEvent.Checkpointed(step, epoch()));
    }
    if (stopsEarly() || step == lastStep) {
      if (kept.hasDiverged()) {
        throw failed(new TrainingException(atStep(divergence()), calmly()));
      }
      return end(
          stopsEarly() ? TrainingEvent.Reason.STOPPED_EARLY : TrainingEvent.Reason.COMPLETED);
    }
    return told(train());
  }

  private boolean stopsEarly() {
    return options.patience().isPresent() && kept.sinceGain() >= options.patience().getAsInt();
  }

  private TrainingEvent told(TrainingEvent event) {
    listeners.forEach(listener -> listener.on(event, control));
    return event;
  }

  private TrainingEvent train() {
    long number = step - runStart;
    List<Double> validated = points.stream().map(TrainingRecord.Point::validationBits).toList();
    double rate = options.optimiser().rate().at(number, validated);
    var input =
        new TrainingSteps.StepInput(
            rate,
            number,
            step - optimiserStart,
            step,
            options.averageDecay(step),
            options.seed(),
            orders.at(number));
    StepRunner.Taken taken = step == start.steps() ? takeFirst(input) : steps.take(input);
    if (taken.where().isPresent()) {
      offerIfFinite();
      throw failed(diverged(taken.where().get(), taken.output(), rate));
    }
    step++;
    double bits = taken.output().nats() / StrictMath.log(2);
    count(bits);
    validationDue = isValidation();
    checkpointDue = validationDue || step == lastStep || isCheckpoint();
    return new TrainingEvent.Stepped(
        step,
        lastStep,
        epoch(),
        order.size(number),
        bits,
        taken.output().gradientNorm(),
        rate,
        time(taken));
  }

  private void count(double bits) {
    boolean epochBegins = (step - 1 - runStart) % order.stepsPerEpoch() == 0;
    if (options.validation().isEmpty() && epochBegins) {
      loss = loss.anew();
    }
    loss = loss.plus(bits);
    kept.began(loss.first().orElseThrow());
  }

  private boolean isValidation() {
    long every = options.validateEvery(order.stepsPerEpoch());
    return options.validation().isPresent()
        && step > runStart
        && ((step - runStart) % every == 0 || step == lastStep);
  }

  private boolean isValidated() {
    return !points.isEmpty() && points.get(points.size() - 1).step() == step;
  }

  /** Nothing is lost with the first step; and TensorFlow compiles it, which may take long. */
  private StepRunner.Taken takeFirst(TrainingSteps.StepInput input) {
    try {
      return steps.heedsInterrupts()
          ? steps.take(input)
          : Aside.orLeave(() -> stepping.take(() -> steps.take(input)), taken -> {});
    } catch (CancellationException e) {
      leftFirstStep = true;
      throw e;
    }
  }

  private boolean isCheckpoint() {
    OptionalLong every = options.checkpointEvery();
    return every.isPresent() && (step - runStart) % every.getAsLong() == 0;
  }

  /** Ends the run; what a listener throws at that does not hide why. */
  private <E extends RuntimeException> E closed(E cause) {
    try {
      close();
    } catch (RuntimeException e) {
      cause.addSuppressed(e);
    }
    return cause;
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

  private static StepTime time(StepRunner.Taken taken) {
    return new StepTime(
        Duration.ofNanos(taken.begun() - taken.called()),
        Duration.ofNanos(taken.done() - taken.begun()),
        Duration.ofNanos(System.nanoTime() - taken.done()));
  }

  private TrainingException diverged(String where, TrainingSteps.StepOutput output, double rate) {
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
            + "); the model keeps the weights of step "
            + kept.step(),
        calmly());
  }

  private Advice calmly() {
    return options.clipNorm() < Double.POSITIVE_INFINITY ? Advice.LOWER_RATE : Advice.CALM_TRAINING;
  }

  private String divergence() {
    return "training has diverged, to "
        + kept.found()
        + "; the model keeps the weights of step "
        + kept.step();
  }

  private TrainingEvent validate() {
    validationDue = false;
    Weights now = finite(steps::fetchWeights);
    List<Double> each = logLikelihoods(options.validation().orElseThrow(), now);
    double bits = bits(each);
    if (!Double.isFinite(bits)) {
      throw new NotFinite("validation finds " + bits + " bits per dimension");
    }
    double trainingBits = loss.mean().orElseThrow();
    loss = loss.anew();
    points.add(new TrainingRecord.Point(step, epoch(), trainingBits, bits, seconds()));
    boolean best = kept.validated(now, step, bits, trainingBits);
    offered = step;
    publish(TrainingRecord.RUNNING);
    Map<String, Double> measured = new LinkedHashMap<>();
    options.metrics().forEach((name, metric) -> measured.put(name, metric.of(control)));
    return new TrainingEvent.Validated(step, epoch(), trainingBits, bits, best, each, measured);
  }

  /** What listeners and metrics may do; called by them, and so between two steps. */
  private final class Control implements RunControl {

    @Override
    public void stop() {
      stopAsked = true;
    }

    @Override
    public Weights weights() {
      if (ended) {
        throw new IllegalStateException(
            "this training has ended; ask the model for the weights that it has now");
      }
      return steps.fetchWeights();
    }

    @Override
    public List<Double> logLikelihoods(Examples of) {
      of.check(definition.image(), definition.conditions());
      return Training.this.logLikelihoods(of, weights());
    }

    @Override
    public double bitsPerDimension(Examples of) {
      return bits(logLikelihoods(of));
    }
  }

  private double bits(List<Double> logLikelihoods) {
    double mean = logLikelihoods.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    return -mean / StrictMath.log(2) / definition.image().values();
  }

  private double seconds() {
    return secondsBefore + Duration.between(started, Instant.now()).toMillis() / 1e3;
  }

  /** Returns whether there is something of this run to save. */
  private boolean checkpoint() {
    checkpointDue = false;
    publish(TrainingRecord.RUNNING);
    if (kept.hasDiverged() && !warned) {
      LOG.warn(atStep(divergence()));
    }
    warned = kept.hasDiverged();
    return kept.step() > runStart;
  }

  /** In float32 whatever the precision of the steps: what scoring the model would find. */
  private List<Double> logLikelihoods(Examples validation, Weights weights) {
    int values = definition.image().values();
    List<Double> each = new ArrayList<>(validation.size());
    int most = MemoryNeed.ofScoring(definition).atMost(EVALUATION_BATCH);
    for (int from = 0; from < validation.size(); from += most) {
      int to = Math.min(from + most, validation.size());
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
        () -> validating.take(() -> scoring(weights).logLikelihoods(batch, 0)), found -> {});
  }

  private Scoring scoring(Weights weights) {
    if (scoring.isEmpty()) {
      scoring = Optional.of(engine.scoring(definition, List.of(definition.order()), weights));
    } else if (scored != weights) {
      scoring.get().use(weights);
    }
    scored = weights;
    return scoring.get();
  }

  private int epoch() {
    return (int) ((step - runStart - 1) / order.stepsPerEpoch()) + 1;
  }

  /** Offers what was reached, if that was not done. */
  private void offer() {
    if (offered != step) {
      offered = step;
      loss.mean().ifPresent(bits -> kept.reached(finite(steps::fetchWeights), step, bits));
    }
  }

  private void offerIfFinite() {
    try {
      offer();
    } catch (NotFinite e) {
      LOG.warn(atStep(e.getMessage()));
    }
  }

  private record Published(Weights weights, TrainingState state, TrainingRecord record) {}

  private void publish(String how) {
    offer();
    TrainingState state =
        finite(() -> steps.fetchState(step, runStart, optimiserStart, loss, kept.step() != step));
    publish(new Published(kept.weights(), state, record(how)));
  }

  private void publish(Published now) {
    published = Optional.of(now);
    outcome.publish(now.weights(), now.state(), now.record());
  }

  /** What was trained has become no numbers. */
  private static final class NotFinite extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotFinite(String message) {
      super(message);
    }
  }

  /** Returns what is fetched; weights and moments refuse what is not finite. */
  private static <T> T finite(Supplier<T> fetch) {
    try {
      return fetch.get();
    } catch (IllegalArgumentException e) {
      throw new NotFinite(String.valueOf(e.getMessage()));
    }
  }

  private String atStep(String problem) {
    return "step " + step + ": " + problem;
  }

  private TrainingRecord record(String how) {
    Optional<TrainingRecord> run = start.run();
    return new TrainingRecord(
        run.map(TrainingRecord::started).orElse(started),
        words.data(),
        words.method(),
        options.seed(),
        run.map(TrainingRecord::firstStep).orElse(runStart),
        step,
        kept.step(),
        how,
        Versions.inWords(),
        points);
  }

  private boolean isUntouched(TrainingEvent.Reason reason) {
    boolean given =
        reason == TrainingEvent.Reason.CANCELLED || reason == TrainingEvent.Reason.FAILED;
    return given && step == start.steps() && published.isEmpty();
  }

  private void publishOrLeave(String how) {
    try {
      publish(how);
    } catch (NotFinite e) {
      leave(how);
    } catch (RuntimeException | Error e) {
      // Who is not told of the end takes this for a run under way, and begins no other.
      leave(TrainingEvent.Reason.FAILED.name());
      throw e;
    }
  }

  /** Leaves what was published before. */
  private void leave(String how) {
    if (published.isEmpty()) {
      outcome.publishNothing();
    } else {
      Published last = published.get();
      publish(new Published(last.weights(), last.state(), last.record().ended(how)));
    }
  }

  private TrainingEvent end(TrainingEvent.Reason reason) {
    ended = true;
    try {
      if (leftFirstStep || isUntouched(reason)) {
        leave(reason.name());
      } else {
        publishOrLeave(reason.name());
      }
    } finally {
      // What was left is freed when it ends by itself.
      stepping.close();
      validating.close();
    }
    return told(new TrainingEvent.Finished(step, reason));
  }

  /**
   * Checks that the caller may close this.
   *
   * @throws IllegalStateException if it is called by what a step is waiting for
   */
  @Seam
  public void checkMayClose() {
    steps.checkMayClose();
  }

  @Override
  public void close() {
    // Before anybody is waited for, who may be waiting for what calls this.
    checkMayClose();
    guard.afterwards(
        () -> {
          if (!ended) {
            end(TrainingEvent.Reason.CANCELLED);
          }
        });
  }
}
