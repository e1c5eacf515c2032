package io.weft.spark;

import io.weft.Model;
import io.weft.anomaly.Anomalies;
import io.weft.anomaly.AnomalyDetector;
import io.weft.codec.Codec;
import io.weft.codec.CodedBlock;
import io.weft.codec.CodedImages;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.define.Definition;
import io.weft.engine.Device;
import io.weft.internal.levels.LevelArray;
import io.weft.internal.thread.Aside;
import io.weft.internal.thread.Keeper;
import io.weft.internal.thread.Lease;
import io.weft.json.LayerCatalog;
import io.weft.order.GenerationOrder;
import io.weft.pyramid.MultiScaleModel;
import io.weft.score.EnsembleScores;
import io.weft.score.Scores;
import io.weft.spec.DefinitionException;
import io.weft.spec.ImageSpec;
import io.weft.train.Training;
import io.weft.train.TrainingOptions;
import io.weft.weight.Weights;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The workers of a cluster of Apache Spark, who score, draw and code for a program with the bits of
 * one process: these depend neither on the number of workers and tasks nor on failures.
 *
 * <pre>{@code
 * try (Fleet fleet = Fleet.on(sparkContext)) {
 *   Scores scores = fleet.score(model, examples);
 *   fleet.sample(model, 7).count(1_000_000).saveTo("hdfs:///drawn");
 * }
 * }</pre>
 *
 * <p><b>Where it computes.</b> A worker computes as the model does: by TensorFlow on the processor
 * or a GPU, or by Java alone, whose bits are the same on every machine ({@link Device#jvm}). By
 * TensorFlow the workers have to compute the driver's numbers, which each proves before its first
 * result; one whose numbers differ ends the call with a {@link FleetException} that names it.
 *
 * <p><b>Cancelling.</b> A call blocks its thread; an interrupt of that cancels the jobs of Spark,
 * interrupts their tasks, and ends the call with {@link
 * java.util.concurrent.CancellationException}. Of a training the step in hand is dropped, and the
 * model keeps those before it. Jobs keep the caller's job group, by which others may cancel them.
 *
 * <p><b>Failures.</b> Spark gives the part of a worker that is lost to another. What is wrong with
 * an image or its conditions is thrown as in one process, and not tried again.
 *
 * <p>Threads may share one. Closing it takes back what was sent to the workers, and leaves the
 * context open.
 */
public final class Fleet implements AutoCloseable {

  /** So many images are scored together, as in one process, whatever the tasks. */
  private static final int IMAGES_PER_BLOCK = 32;

  /** Bytes of results that a job may bring to the driver, whose own limit is Spark's. */
  private static final long MOST_RESULTS = 128L << 20;

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final JavaSparkContext spark;
  private final FleetCatalog catalog;
  private final Jobs jobs;
  private final Keeper<State, Shipment> sent;
  private final List<Lease<Shipment>> kept = new ArrayList<>();
  private volatile boolean closed;

  private Fleet(FleetCatalog catalog, Jobs jobs) {
    this.spark = Objects.requireNonNull(jobs.spark(), "spark");
    this.catalog = Travelling.checked("the catalog", catalog);
    this.jobs = jobs;
    this.sent = new Keeper<>(1, this::shipped, it -> it.destroy(jobs));
  }

  /** Returns the workers of a context, for models of Weft's own layers. */
  public static Fleet on(JavaSparkContext spark) {
    return on(spark, LayerCatalog::standard);
  }

  /**
   * Returns the workers of a context, for models with layers of a program's own.
   *
   * @throws IllegalArgumentException if the catalog cannot travel; the message says why
   */
  public static Fleet on(JavaSparkContext spark, FleetCatalog catalog) {
    return new Fleet(catalog, new Jobs(spark, PATIENCE, 0));
  }

  /** Returns a fleet whose jobs have so many tasks, at most. */
  static Fleet on(JavaSparkContext spark, int tasks) {
    return new Fleet(LayerCatalog::standard, new Jobs(spark, PATIENCE, tasks));
  }

  /**
   * Returns the same cluster, but with another patience: how long a call waits while there is no
   * worker at all, 2 minutes otherwise, before it fails.
   */
  public Fleet waiting(Duration most) {
    if (most.isNegative()) {
      throw new IllegalArgumentException("workers are waited for at least 0 s, found " + most);
    }
    return new Fleet(catalog, new Jobs(spark, most, jobs.fixed()));
  }

  /**
   * Prepares a new training run whose gradients the workers compute, see {@link Model#training}:
   * the events are the same, and so are the bits, to the last, whatever the number of workers,
   * tasks and cores, and whichever are lost meanwhile. The driver alone sees the examples, updates
   * the weights and validates.
   *
   * <p>Each worker computes a {@linkplain io.weft.train.NumericFingerprint fingerprint} first: one
   * whose numbers differ from the driver's ends the run, which names it and what differs.
   *
   * @param options with {@link TrainingOptions.Builder#microBatch micro-batches}, which are what is
   *     dealt out
   * @throws IllegalArgumentException as {@link Model#training} does
   * @throws IllegalStateException as {@link Model#training} does, or if there are no micro-batches
   * @throws FleetException from its events, if the workers fail, or compute other numbers than the
   *     driver
   */
  public Training training(Model model, Examples examples, TrainingOptions options) {
    return model.training(examples, spread(options));
  }

  /**
   * Prepares to go on with the last training run of a model, wherever its steps so far were taken,
   * see {@link Model#resuming} and {@link #training}.
   */
  public Training resuming(Model model, Examples examples, TrainingOptions options) {
    return model.resuming(examples, spread(options));
  }

  /** Returns the same options, but with gradients of the workers. */
  TrainingOptions spread(TrainingOptions options) {
    return spread(options, nanos -> {});
  }

  /**
   * Returns the same options as above.
   *
   * @param computed hears of each step how many nanoseconds its slowest task has computed
   */
  TrainingOptions spread(TrainingOptions options, LongConsumer computed) {
    return options.withGradients(work -> new SparkGradients(jobs, catalog, work, computed));
  }

  /** A model as it was when it was sent: the same weights, not equal ones. */
  private static final class State {
    private final Definition definition;
    private final Weights weights;
    private final Device device;

    private State(Definition definition, Weights weights, Device device) {
      this.definition = definition;
      this.weights = weights;
      this.device = device;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof State that
          && weights == that.weights
          && definition.equals(that.definition)
          && device.equals(that.device);
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(weights);
    }
  }

  private Shipment shipped(State state) {
    // An interrupt would leave Spark with half a broadcast.
    return Aside.orLeave(() -> shippedAside(state), it -> it.destroy(jobs));
  }

  private Shipment shippedAside(State state) {
    // What scores here while the driver's numbers are found is freed with it.
    try (Model model = Model.of(state.definition, state.weights, state.device)) {
      return jobs.heeding(() -> Shipment.of(model, catalog, spark));
    } catch (DefinitionException e) {
      throw new IllegalArgumentException(
          e.getMessage() + " Give Fleet.on the catalog that has the model's own layers", e);
    }
  }

  /** A model of this moment, which a series or a call keeps while others come. */
  final class Sent {
    private final State state;

    private Sent(State state) {
      this.state = state;
    }

    Lease<Shipment> lend() {
      checkOpen();
      return sent.lend(state);
    }
  }

  private Sent sent(Model model) {
    return sent(model, model.device());
  }

  /** Returns a model as it is now, for workers that compute on a device. */
  Sent sent(Model model, Device device) {
    return sent(model.definition(), model.weights(), device);
  }

  private Sent sent(Definition definition, Weights weights, Device device) {
    checkOpen();
    return new Sent(new State(definition, weights, device));
  }

  Jobs jobs() {
    return jobs;
  }

  JavaSparkContext spark() {
    return spark;
  }

  /**
   * Returns the log-likelihoods of examples: those of {@link Model#score}, bit for bit.
   *
   * @throws IllegalArgumentException if the examples do not fit the model
   * @throws IllegalStateException if this is closed
   * @throws ArithmeticException if a log-likelihood is not finite; the message says among which
   *     images
   * @throws FleetException if the workers fail, or compute other numbers than the driver
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  public Scores score(Model model, Examples examples) {
    return score(model, examples, FleetListener.none());
  }

  /** Returns the log-likelihoods of examples as above, and tells how far it is. */
  public Scores score(Model model, Examples examples, FleetListener listener) {
    return score(model, examples, model.definition().order(), listener);
  }

  /**
   * Returns the log-likelihoods of examples under a generation order: those of {@link
   * Model#score(Examples, GenerationOrder)}, bit for bit.
   *
   * @throws DefinitionException if the model is not causal under the order, or it is for images of
   *     another size
   * @throws IllegalArgumentException as above
   * @throws IllegalStateException as above
   * @throws ArithmeticException as above
   * @throws FleetException as above
   * @throws java.util.concurrent.CancellationException as above
   */
  public Scores score(Model model, Examples examples, GenerationOrder order) {
    return score(model, examples, order, FleetListener.none());
  }

  /** Returns the log-likelihoods of examples as above, and tells how far it is. */
  public Scores score(
      Model model, Examples examples, GenerationOrder order, FleetListener listener) {
    return score(model, examples, InOrder.of(model.definition(), order), listener);
  }

  private Scores score(Model model, Examples examples, InOrder order, FleetListener listener) {
    examples.check(model.image(), model.conditions());
    Objects.requireNonNull(listener, "listener");
    ImageSpec image = model.image();
    int[] starts = starts(examples.size());
    float[] values = new float[Math.multiplyExact(examples.size(), image.values())];
    Progress progress = new Progress(listener, examples.size());
    try (Lease<Shipment> lease = sent(model).lend()) {
      Shipment shipment = lease.value();
      jobs.run(
          "scoring " + examples.size() + " images",
          starts.length - 1,
          atOnce((long) IMAGES_PER_BLOCK * image.values() * Float.BYTES),
          i -> ImageBlock.of(examples, starts[i], starts[i + 1]),
          scoring(shipment, order),
          (i, found) -> {
            System.arraycopy(
                found.values(), 0, values, starts[i] * image.values(), found.values().length);
            progress.add(starts[i + 1] - starts[i]);
          });
    }
    return Scores.of(image, values);
  }

  private static int[] starts(int images) {
    int blocks = (images + IMAGES_PER_BLOCK - 1) / IMAGES_PER_BLOCK;
    return IntStream.rangeClosed(0, blocks)
        .map(i -> (int) Math.min(images, (long) i * IMAGES_PER_BLOCK))
        .toArray();
  }

  /**
   * Returns the log-likelihoods of examples under each of the orders that a model declares, and
   * under their ensemble: those of {@link Model#scoreEnsemble(Examples)}, bit for bit.
   *
   * @throws IllegalArgumentException if the examples do not fit the model
   * @throws IllegalStateException if this is closed
   * @throws ArithmeticException as above
   * @throws FleetException if the workers fail, or compute other numbers than the driver
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  public EnsembleScores scoreEnsemble(Model model, Examples examples) {
    return scoreEnsemble(model, examples, model.definition().orders(), FleetListener.none());
  }

  /**
   * Returns the log-likelihoods of examples as above under any orders, one after the other, and
   * tells how far it is.
   *
   * @param orders at least one, declared or not
   * @param listener hears of each image once for each order
   * @throws DefinitionException if the model is not causal under one of the orders, or it is for
   *     images of another size
   * @throws IllegalArgumentException if there is no order, or as above
   */
  public EnsembleScores scoreEnsemble(
      Model model, Examples examples, List<GenerationOrder> orders, FleetListener listener) {
    Passes passes = new Passes(listener, orders.size());
    return EnsembleScores.of(
        orders,
        InOrder.each(model.definition(), orders).stream()
            .map(order -> score(model, examples, order, passes.next()))
            .toList());
  }

  /**
   * Returns the log-likelihoods of examples under a pyramid: those of {@link
   * MultiScaleModel#score(Examples)}, bit for bit. Its two models score one after the other.
   *
   * @throws IllegalArgumentException if the examples do not fit
   * @throws IllegalStateException as above
   * @throws ArithmeticException as above
   * @throws FleetException as above
   * @throws java.util.concurrent.CancellationException as above
   */
  public Scores score(MultiScaleModel model, Examples examples) {
    return score(model, examples, FleetListener.none());
  }

  /**
   * Returns the log-likelihoods of examples as above, and tells how far it is.
   *
   * @param listener hears of each image twice
   */
  public Scores score(MultiScaleModel model, Examples examples, FleetListener listener) {
    GenerationOrder ofSmall = model.definition().small().order();
    return score(model, examples, ofSmall, model.definition().large().order(), listener);
  }

  /**
   * Returns the log-likelihoods of examples as above, under an order of each model.
   *
   * @throws DefinitionException if a model is not causal under its order, or it is for images of
   *     another size
   */
  public Scores score(
      MultiScaleModel model,
      Examples examples,
      GenerationOrder ofSmall,
      GenerationOrder ofLarge,
      FleetListener listener) {
    return model.score(examples, ofSmall, ofLarge, inTwoPasses(listener));
  }

  /**
   * Returns lower bounds of the log-likelihoods of examples under a pyramid: those of {@link
   * MultiScaleModel#scoreBound}, bit for bit.
   *
   * @param listener hears of each image twice
   * @throws IllegalArgumentException as above
   * @throws IllegalStateException as above
   * @throws ArithmeticException as above
   * @throws FleetException as above
   * @throws java.util.concurrent.CancellationException as above
   */
  public Scores scoreBound(MultiScaleModel model, Examples examples, FleetListener listener) {
    return model.scoreBound(examples, inTwoPasses(listener));
  }

  private MultiScaleModel.Scoring inTwoPasses(FleetListener listener) {
    Passes passes = new Passes(listener, 2);
    return (model, examples, order) -> score(model, examples, order, passes.next());
  }

  private static Jobs.Work<ImageBlock, BlockScores> scoring(Shipment shipment, InOrder order) {
    return block -> score(shipment, block, order);
  }

  /** Scores on a worker. */
  private static BlockScores score(Shipment shipment, ImageBlock block, InOrder order) {
    return WorkerModels.use(
        shipment,
        opened ->
            new BlockScores(
                block.first(),
                opened.model().image(),
                opened.score(block.examples(), order).values()));
  }

  /**
   * Returns the scores of blocks of images that lie on the workers, lazily: they are computed when
   * they are asked for, as long as this is open. A block is scored together, as {@link Model#score}
   * does, so that blocks of some 32 images are quick; by TensorFlow the last digits depend on the
   * block, and by Java on nothing.
   *
   * @throws IllegalStateException if this is closed
   */
  public JavaRDD<BlockScores> score(Model model, JavaRDD<ImageBlock> blocks) {
    Shipment shipment = lasting(model);
    InOrder order = InOrder.of(model.definition(), model.definition().order());
    return blocks.map(block -> score(shipment, block, order));
  }

  /**
   * Returns a table of images with two more columns, lazily: {@code log_likelihood}, in nats, and
   * {@code bits_per_dimension}. They are computed when they are asked for, as long as this is open.
   * By TensorFlow the last digits depend on the rows beside an image, and by Java on nothing.
   *
   * @param images which columns hold the images and their conditions
   * @throws IllegalArgumentException if there are no such columns, or they do not fit the model
   * @throws IllegalStateException if this is closed
   */
  public Dataset<Row> score(Model model, Dataset<Row> table, ImageColumn images) {
    images.check(model, table.schema());
    return TableScoring.of(lasting(model), images, table);
  }

  /** Sends a model that stays with the workers until this is closed. */
  private Shipment lasting(Model model) {
    Lease<Shipment> lease = sent(model).lend();
    synchronized (kept) {
      kept.add(lease);
    }
    return lease.value();
  }

  /**
   * Begins to draw images: one, of index 0, at temperature 1, by Java.
   *
   * @param seed any number; it fixes all randomness
   */
  public FleetSampler sample(Model model, long seed) {
    return FleetSampler.of(this, model, seed);
  }

  /**
   * Codes images without loss: the bytes of {@link Codec#encode}.
   *
   * @throws IllegalArgumentException if the examples do not fit the model
   * @throws IllegalStateException if this is closed
   * @throws FleetException if the workers fail
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  public CodedImages compress(Codec codec, Examples examples) {
    return compress(codec, examples, FleetListener.none());
  }

  /** Codes images as above, and tells how far it is. */
  public CodedImages compress(Codec codec, Examples examples, FleetListener listener) {
    Objects.requireNonNull(listener, "listener");
    int[] starts = codec.starts(examples);
    boolean hasLabels = codec.hasLabels();
    ImageSpec image = examples.spec();
    CodedBlock[] blocks = new CodedBlock[starts.length - 1];
    Progress progress = new Progress(listener, examples.size());
    Sent model = sent(codec.definition(), codec.weights(), Device.jvm());
    try (Lease<Shipment> lease = model.lend()) {
      Shipment shipment = lease.value();
      jobs.run(
          "coding " + examples.size() + " images",
          blocks.length,
          atOnce((long) starts[1] * image.values() * LevelArray.bytesEach(image)),
          i -> ImageBlock.of(examples, starts[i], starts[i + 1]),
          coding(shipment, hasLabels),
          (i, coded) -> {
            blocks[i] = new CodedBlock(coded.bytes, coded.checksum);
            progress.add(starts[i + 1] - starts[i]);
          });
    }
    return codec.assembled(examples, Arrays.asList(blocks));
  }

  @SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
  private record Coded(byte[] bytes, int checksum) implements Serializable {}

  private static Jobs.Work<ImageBlock, Coded> coding(Shipment shipment, boolean hasLabels) {
    return block ->
        WorkerModels.use(
            shipment,
            opened -> {
              CodedBlock coded =
                  opened.codec(hasLabels).block(block.examples(), Math.toIntExact(block.first()));
              return new Coded(coded.bytes(), coded.checksum());
            });
  }

  /**
   * Returns how strange images are: what {@link AnomalyDetector#check} finds, bit for bit.
   *
   * @throws IllegalArgumentException if the images do not fit the model
   * @throws IllegalStateException if this is closed
   * @throws FleetException if the workers fail, or compute other numbers than the driver
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  public Anomalies anomalies(AnomalyDetector detector, ImageSet images) {
    return anomalies(detector, images, FleetListener.none());
  }

  /** Returns how strange images are as above, and tells how far it is: two passes over them. */
  public Anomalies anomalies(AnomalyDetector detector, ImageSet images, FleetListener listener) {
    Progress progress = new Progress(listener, 2L * images.size());
    return detector.check(
        images,
        (model, examples) -> {
          long before = progress.done;
          return score(
              model, examples, (done, total) -> progress.add(before + done - progress.done));
        });
  }

  /** How many items whose results take so many bytes may be on their way at a time. */
  int atOnce(long bytes) {
    long most = Math.min(MOST_RESULTS, jobs.mostResultBytes() / 2);
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE, most / Math.max(1, bytes)));
  }

  /** Counts images. */
  static final class Progress {
    private final FleetListener listener;
    private final long total;
    private long done;

    Progress(FleetListener listener, long total) {
      this.listener = Objects.requireNonNull(listener, "listener");
      this.total = total;
    }

    void add(long more) {
      done += more;
      listener.onProgress(done, total);
    }
  }

  /** Tells of passes over the same images, one after the other, as of one. */
  private static final class Passes {
    private final FleetListener listener;
    private final int count;
    private int begun;

    Passes(FleetListener listener, int count) {
      this.listener = Objects.requireNonNull(listener, "listener");
      this.count = count;
    }

    FleetListener next() {
      int before = begun++;
      return (done, total) -> listener.onProgress(before * total + done, count * total);
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("this fleet is closed; make another with Fleet.on");
    }
  }

  /** Takes back what was sent to the workers; calls under way end first. */
  @Override
  public void close() {
    closed = true;
    synchronized (kept) {
      kept.forEach(Lease::close);
      kept.clear();
    }
    sent.close();
  }
}
