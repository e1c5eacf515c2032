package io.weft;

import io.weft.complete.PixelMask;
import io.weft.data.Examples;
import io.weft.define.Definition;
import io.weft.engine.Device;
import io.weft.engine.Engine;
import io.weft.internal.save.ModelContents;
import io.weft.internal.save.ModelFolder;
import io.weft.internal.save.ModelResource;
import io.weft.internal.save.ModelZip;
import io.weft.internal.save.SavedModelFolder;
import io.weft.internal.thread.Aside;
import io.weft.json.LayerCatalog;
import io.weft.order.GenerationOrder;
import io.weft.sample.Sampler;
import io.weft.sample.SamplingEngines;
import io.weft.score.ConditionalScorer;
import io.weft.score.EnsembleScores;
import io.weft.score.Scorer;
import io.weft.score.Scores;
import io.weft.spec.Condition;
import io.weft.spec.ImageSpec;
import io.weft.train.FineTune;
import io.weft.train.Training;
import io.weft.train.TrainingListener;
import io.weft.train.TrainingOptions;
import io.weft.train.TrainingRecord;
import io.weft.train.TrainingStart;
import io.weft.weight.TrainingState;
import io.weft.weight.Weights;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A definition with weights: what is trained, scores, samples and is saved.
 *
 * <p>Several threads may score and sample at once, also while one trains; they see the weights that
 * training published last.
 *
 * <p>Close the model to free what was compiled for it. All that is under way then, on any thread,
 * ends soon with {@link IllegalStateException}: scoring after the batch in hand, training before
 * its next event, a series of pixels or images before it computes the next pixel. What training had
 * reached stays, as do weights and history: a closed model can still be saved.
 */
public final class Model implements ImageModel {

  private final Definition definition;
  private final Engine engine;
  private final Scorer scorer;
  private final ConditionalScorer conditionalScorer;
  private final SamplingEngines engines;
  private final AtomicBoolean training = new AtomicBoolean();
  private volatile Snapshot snapshot;
  private @Nullable Scorer ofAllOrders;
  private volatile boolean closed;

  /**
   * All that changes in training, replaced as one.
   *
   * @param weights the model's weights
   * @param state what training goes on from; empty for a model that was never trained
   * @param history one record for each training run
   */
  public record Snapshot(
      Weights weights, Optional<TrainingState> state, List<TrainingRecord> history) {
    /** Freezes the list. */
    public Snapshot {
      Objects.requireNonNull(weights, "weights");
      Objects.requireNonNull(state, "state");
      history = List.copyOf(history);
    }

    /** Returns how many steps the model has been trained for. */
    public long steps() {
      return state
          .map(TrainingState::step)
          .orElse(history.isEmpty() ? 0 : history.get(history.size() - 1).lastStep());
    }
  }

  private Model(Definition definition, Snapshot snapshot, Device device) {
    this.definition = Objects.requireNonNull(definition, "definition");
    this.snapshot = Objects.requireNonNull(snapshot, "snapshot");
    engine = Engine.on(device);
    engines = SamplingEngines.of(definition, engine);
    scorer = new Scorer(definition, this::openWeights, engine);
    conditionalScorer = new ConditionalScorer(definition, this::openWeights, engine);
  }

  /**
   * Returns a model with the weights that training starts from, on the processor.
   *
   * @param seed any number; the weights follow from it and the definition
   */
  public static Model initial(Definition definition, long seed) {
    return initial(definition, seed, Device.cpu());
  }

  /** Returns a model with the weights that training starts from. */
  public static Model initial(Definition definition, long seed, Device device) {
    return of(definition, Weights.initial(definition, seed), device);
  }

  /**
   * Returns a model with given weights that was never trained here, on the processor: with those of
   * another program ({@link io.weft.exchange}), or of another model.
   *
   * @throws IllegalArgumentException if they belong to another definition
   */
  public static Model of(Definition definition, Weights weights) {
    return of(definition, weights, Device.cpu());
  }

  /** Returns a model with given weights, as above. */
  public static Model of(Definition definition, Weights weights, Device device) {
    return of(definition, new Snapshot(weights, Optional.empty(), List.of()), device);
  }

  /**
   * Returns a model with given weights, state and history.
   *
   * @throws IllegalArgumentException if they belong to another definition
   */
  public static Model of(Definition definition, Snapshot snapshot, Device device) {
    Objects.requireNonNull(definition, "definition");
    Objects.requireNonNull(snapshot, "snapshot");
    snapshot.weights().check(definition);
    snapshot.state().ifPresent(state -> state.raw().check(definition));
    return new Model(definition, snapshot, device);
  }

  /** Returns the definition. */
  public Definition definition() {
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

  /** Returns where the model computes. */
  public Device device() {
    return engine.device();
  }

  /** Returns the weights, the training state and the history as they are now. */
  public Snapshot snapshot() {
    return snapshot;
  }

  /** Returns the weights as they are now. */
  public Weights weights() {
    return snapshot.weights();
  }

  /** Returns one record for each training run, the oldest first. */
  public List<TrainingRecord> history() {
    return snapshot.history();
  }

  /**
   * Prepares a new training run, which starts from the weights that the model has: learning rates,
   * epochs, the order of the examples and the optimiser begin anew. The caller pulls its events,
   * and closes it.
   *
   * @throws IllegalArgumentException if the examples do not fit the model
   * @throws IllegalStateException if the model is closed, another run is open, or the precision is
   *     not to be had on the model's device
   */
  public Training training(Examples examples, TrainingOptions options) {
    return training(examples, options, List.of());
  }

  private Training training(
      Examples examples, TrainingOptions options, List<TrainingListener> listeners) {
    return opened(
        () -> {
          Snapshot now = snapshot;
          TrainingStart start = start(now, options);
          return prepared(examples, options, start, new Reached(now.history()), listeners);
        });
  }

  private static TrainingStart start(Snapshot now, TrainingOptions options) {
    if (options.fineTune().filter(FineTune.KEPT::equals).isEmpty()) {
      return TrainingStart.anew(now.weights(), now.steps());
    }
    return TrainingStart.keeping(
        now.weights(),
        now.state()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "this model has no state of a training whose optimiser could be kept;"
                            + " fine-tune with a fresh one")));
  }

  /**
   * Prepares to go on with the last training run, which was interrupted, or for which there is more
   * to do. With the options of the run, whose epochs or steps are those of the whole run, it ends
   * as if it had never stopped, bit for bit; more epochs or steps make it longer. The caller pulls
   * its events, and closes it.
   *
   * @throws IllegalArgumentException if the examples or the method of training are not those of the
   *     run, or it has taken all steps that are asked for; the message says both
   * @throws IllegalStateException if there is no run to go on with, the model is closed, another
   *     run is open, or the precision is not to be had on the model's device
   */
  public Training resuming(Examples examples, TrainingOptions options) {
    return resuming(examples, options, List.of());
  }

  private Training resuming(
      Examples examples, TrainingOptions options, List<TrainingListener> listeners) {
    return opened(
        () -> {
          List<TrainingRecord> runs = snapshot.history();
          TrainingStart start = resumption();
          Reached reached = new Reached(runs.subList(0, runs.size() - 1));
          return prepared(examples, options, start, reached, listeners);
        });
  }

  /**
   * Checks, ahead of other work, that the last training run can be gone on with.
   *
   * @throws IllegalArgumentException as {@link #resuming} does
   * @throws IllegalStateException if there is no run to go on with
   */
  public void checkResumable(Examples examples, TrainingOptions options) {
    resumption().check(examples, options);
  }

  private TrainingStart resumption() {
    Snapshot now = snapshot;
    if (now.history().isEmpty()) {
      throw new IllegalStateException("this model has no training run to go on with; train it");
    }
    TrainingRecord last = now.history().get(now.history().size() - 1);
    return TrainingStart.resuming(
        now.weights(),
        now.state()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "this model was saved without the state of its training, so that its last"
                            + " run cannot be gone on with; train it, which begins another")),
        last);
  }

  private Training prepared(
      Examples examples,
      TrainingOptions options,
      TrainingStart start,
      Reached reached,
      List<TrainingListener> listeners) {
    Objects.requireNonNull(examples, "examples");
    Objects.requireNonNull(options, "options");
    return Training.of(definition, examples, options, start, engine, reached, listeners);
  }

  /** Returns the run that is prepared, unless there is one open. */
  private Training opened(Supplier<Training> prepare) {
    checkOpen();
    if (!training.compareAndSet(false, true)) {
      throw new IllegalStateException(
          "this model is being trained already; close that training first");
    }
    boolean prepared = false;
    try {
      Training run = prepare.get();
      prepared = true;
      return run;
    } finally {
      if (!prepared) {
        training.set(false);
      }
    }
  }

  /** Takes what a training run reaches, as long as this model is open. */
  private final class Reached implements Training.Outcome {
    private final List<TrainingRecord> before;

    /** The run's record comes after those {@code before}. */
    Reached(List<TrainingRecord> before) {
      this.before = before;
    }

    @Override
    public void publish(Weights weights, TrainingState state, TrainingRecord record) {
      List<TrainingRecord> history = new ArrayList<>(before);
      history.add(record);
      snapshot = new Snapshot(weights, Optional.of(state), history);
      if (!record.outcome().equals(TrainingRecord.RUNNING)) {
        training.set(false);
      }
    }

    @Override
    public void publishNothing() {
      training.set(false);
    }

    @Override
    public void checkOpen() {
      Model.this.checkOpen();
    }
  }

  /**
   * Trains and returns when done: a new run, see {@link #training}. Interrupting the thread
   * cancels; the model keeps what was reached.
   *
   * @param listeners hear of every event, on this thread, after those of the options
   * @return the record of the run
   * @throws CancellationException if the thread is interrupted
   * @throws IllegalArgumentException if the examples do not fit the model
   * @throws IllegalStateException if the model is closed, before or meanwhile; it keeps what was
   *     reached
   * @throws io.weft.train.TrainingException if a value is not finite, or training has diverged
   */
  public TrainingRecord train(
      Examples examples, TrainingOptions options, TrainingListener... listeners) {
    return finished(training(examples, options, List.of(listeners)));
  }

  /**
   * Goes on with the last training run and returns when it is done; see {@link #resuming} for what
   * that takes, and {@link #train} for all else.
   *
   * @return the record of the whole run
   * @throws IllegalArgumentException if the examples or the method of training are not those of the
   *     run, or it has taken all steps that are asked for
   * @throws IllegalStateException if there is no run to go on with
   */
  public TrainingRecord resume(
      Examples examples, TrainingOptions options, TrainingListener... listeners) {
    return finished(resuming(examples, options, List.of(listeners)));
  }

  private TrainingRecord finished(Training training) {
    try (Training run = training) {
      while (run.hasNext()) {
        run.next();
      }
    }
    return history().get(history().size() - 1);
  }

  @Override
  public Scores score(Examples examples) {
    checkOpen();
    return scorer.score(examples);
  }

  /**
   * Returns the log-likelihoods of examples under a generation order. For orders that the model
   * does not declare, the program is compiled for this one call.
   *
   * @throws io.weft.spec.DefinitionException if the model is not causal under the order, or it is
   *     for images of another size
   * @throws IllegalArgumentException if the examples do not fit the model, or are so many that all
   *     their values are more than an array holds, 2^31
   * @throws IllegalStateException if the model is closed
   * @throws ArithmeticException if a log-likelihood is not finite; the message names the example
   */
  public Scores score(Examples examples, GenerationOrder order) {
    Objects.requireNonNull(order, "order");
    if (order.equals(definition.order())) {
      return score(examples);
    }
    int number = definition.orders().indexOf(order);
    if (number >= 0) {
      return ofAllOrders().score(examples, number);
    }
    return scoreEnsemble(examples, List.of(order)).under(0);
  }

  /**
   * Returns the log-likelihoods of examples under each of the orders that the model declares, and
   * under their ensemble: the log of the mean over orders of an image's joint likelihood (arXiv
   * 2006.12486, section 4.3).
   *
   * @throws IllegalArgumentException if the examples do not fit the model, or are so many that all
   *     their values are more than an array holds, 2^31
   * @throws IllegalStateException if the model is closed
   * @throws ArithmeticException if a log-likelihood is not finite; the message names the example
   */
  public EnsembleScores scoreEnsemble(Examples examples) {
    return ofAllOrders().scoreAll(examples);
  }

  /**
   * Returns the log-likelihoods of examples under any orders and their ensemble. The program is
   * compiled for this one call.
   *
   * @param orders at least one, declared or not
   * @throws io.weft.spec.DefinitionException if the model is not causal under one of the orders, or
   *     it is for images of another size
   * @throws IllegalArgumentException if the examples do not fit the model, or are so many that all
   *     their values are more than an array holds, 2^31, or there is no order
   * @throws IllegalStateException if the model is closed
   * @throws ArithmeticException if a log-likelihood is not finite; the message names the example
   */
  public EnsembleScores scoreEnsemble(Examples examples, List<GenerationOrder> orders) {
    checkOpen();
    try (Scorer once =
        Aside.orLeave(
            () -> new Scorer(definition, orders, this::openWeights, engine), Scorer::close)) {
      return once.scoreAll(examples);
    }
  }

  private synchronized Scorer ofAllOrders() {
    checkOpen();
    if (ofAllOrders == null) {
      ofAllOrders = new Scorer(definition, definition.orders(), this::openWeights, engine);
    }
    return ofAllOrders;
  }

  /**
   * Returns for each example the log-likelihood of its missing pixels given its known ones: exact,
   * under the order in which {@link Sampler#complete} draws them. At most 0 but for rounding. See
   * {@link ConditionalScorer#logLikelihoods}.
   *
   * @param known which pixels of an example are known, by its index; a pure function
   * @throws IllegalArgumentException if the examples or masks do not fit the model, or a known
   *     pixel comes after a missing one in each of its orders
   * @throws IllegalStateException if the model is closed
   * @throws ArithmeticException if a log-likelihood is not finite; the message names the example
   */
  @Override
  public double[] conditionalLogLikelihoods(Examples examples, IntFunction<PixelMask> known) {
    checkOpen();
    return conditionalScorer.logLikelihoods(examples, known);
  }

  /**
   * Returns a sampler of one image, index 0, at temperature 1. Each series that it starts takes the
   * weights that are the model's then; while a series lasts it keeps them, also when training goes
   * on. Closing the model ends a series: what is drawn already is still given, then an iterator, a
   * stream or a run throws {@link IllegalStateException}, and a publisher signals it by {@code
   * onError}.
   *
   * @param seed any number; it fixes all randomness
   * @throws IllegalStateException if the model is closed, now, when a series starts or while it
   *     lasts
   */
  public Sampler sampler(long seed) {
    checkOpen();
    return Sampler.of(engines, this::openWeights, seed);
  }

  private Weights openWeights() {
    checkOpen();
    return weights();
  }

  /**
   * Saves this model as it is now as a folder, replacing the model that was there: as a whole or
   * not at all.
   *
   * @throws io.weft.spec.DefinitionException if a layer is not one of Weft's own; save with a
   *     catalog then
   * @throws io.weft.save.ModelFormatException if the folder holds anything else than a saved model
   * @throws IOException if writing fails; a model that was there before stays
   */
  @Override
  public void save(Path folder) throws IOException {
    save(folder, LayerCatalog.standard());
  }

  /**
   * Checks, ahead of long work, that nothing is in a folder that {@link #save(Path)} would refuse
   * to replace.
   *
   * @throws io.weft.save.ModelFormatException if it holds anything else than a saved model
   * @throws IOException if it cannot be read
   */
  public static void checkReplaceable(Path folder) throws IOException {
    ModelFolder.of(folder, LayerCatalog.standard()).checkReplaceable();
  }

  @Override
  public void save(Path folder, LayerCatalog catalog) throws IOException {
    ModelFolder.of(folder, catalog).save(ModelContents.of(this));
  }

  @Override
  public void save(OutputStream out, LayerCatalog catalog) throws IOException {
    ModelZip.save(ModelContents.of(this), catalog, out);
  }

  @Override
  public Model withoutTrainingState() {
    Snapshot now = snapshot;
    return untrained(now.weights(), now.history());
  }

  @Override
  public Model inHalfPrecision() {
    Snapshot now = snapshot;
    return untrained(now.weights().inHalfPrecision(), now.history());
  }

  private Model untrained(Weights weights, List<TrainingRecord> history) {
    return of(definition, new Snapshot(weights, Optional.empty(), history), device());
  }

  /**
   * Returns a saved model, on the processor. A training run that was saved with it can be resumed,
   * bit for bit.
   *
   * @param folder of the model, or a zip of it; on any file system
   * @throws io.weft.save.ModelFormatException if there is no model, or it is damaged, foreign or
   *     made by a newer Weft
   * @throws IOException if the files cannot be read
   */
  public static Model load(Path folder) throws IOException {
    return load(folder, LayerCatalog.standard(), Device.cpu());
  }

  /** Returns a saved model as above. {@code catalog} has the model's own layers. */
  public static Model load(Path folder, LayerCatalog catalog, Device device) throws IOException {
    return ModelFolder.of(folder, catalog).load().on(device);
  }

  /**
   * Returns a model from a zip of its folder, on the processor; see {@link ModelZip}.
   *
   * @param zip read to the end of the zip; stays open
   * @throws io.weft.save.ModelFormatException if there is no model, or it is damaged, foreign or
   *     made by a newer Weft
   * @throws IOException if reading fails
   */
  public static Model load(InputStream zip) throws IOException {
    return load(zip, LayerCatalog.standard(), Device.cpu());
  }

  /** Returns a model from a zip as above. {@code catalog} has the model's own layers. */
  public static Model load(InputStream zip, LayerCatalog catalog, Device device)
      throws IOException {
    return ModelZip.load(zip, catalog).on(device);
  }

  /**
   * Returns a model on the class path, a folder or a zip of it, such as one in a program's own jar;
   * on the processor.
   *
   * @param owner the class beside which the resource lies
   * @param name of the folder or the zip, as {@link Class#getResource} takes it: beside the class,
   *     or from the root of the class path with a slash in front
   * @throws io.weft.save.ModelFormatException if there is no model, or it is damaged, foreign or
   *     made by a newer Weft
   * @throws IOException if reading fails
   */
  public static Model loadResource(Class<?> owner, String name) throws IOException {
    return loadResource(owner, name, LayerCatalog.standard(), Device.cpu());
  }

  /** Returns a model on the class path as above. {@code catalog} has the model's own layers. */
  public static Model loadResource(Class<?> owner, String name, LayerCatalog catalog, Device device)
      throws IOException {
    return ModelResource.load(owner, name, catalog).on(device);
  }

  /**
   * Returns a trained model that comes with Weft, on the processor; {@link BuiltinModel} lists them
   * and says where they come from.
   *
   * @param name such as {@code digits}
   * @throws IllegalArgumentException if there is none of that name; the message lists those that
   *     there are
   * @throws IllegalStateException if the artifact that has them, {@code io.weft:weft-models}, is
   *     not on the class path
   */
  public static Model builtin(String name) {
    return BuiltinModel.named(name).load();
  }

  /** Returns a model that comes with Weft, as above. */
  public static Model builtin(String name, Device device) {
    return BuiltinModel.named(name).load(device);
  }

  /**
   * Writes this model as a TensorFlow SavedModel with the signatures "score" and "sample_step", for
   * servers and other languages; see {@link SavedModelFolder}.
   *
   * @param folder a folder that does not exist, or is empty
   * @throws io.weft.save.ModelFormatException if there is something there already
   * @throws IOException if writing fails
   */
  public void exportSavedModel(Path folder) throws IOException {
    SavedModelFolder.export(definition, weights(), folder);
  }

  /**
   * Checks that this model is open.
   *
   * @throws IllegalStateException if it is closed
   */
  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("this model is closed; load or make another");
    }
  }

  /**
   * Ends all that is under way with this model, and frees what was compiled for it: at once, or
   * when the last call of TensorFlow that is in hand ends. Closing again does nothing.
   */
  @Override
  public synchronized void close() {
    closed = true;
    engines.close();
    scorer.close();
    if (ofAllOrders != null) {
      ofAllOrders.close();
    }
    conditionalScorer.close();
  }
}
