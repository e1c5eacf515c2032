package io.weft.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weft.Model;
import io.weft.data.EmbeddedDigits;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.engine.Device;
import io.weft.engine.Precision;
import io.weft.expression.Expression;
import io.weft.expression.Shape;
import io.weft.expression.Unary;
import io.weft.layer.CausalConvolution;
import io.weft.layer.Feature;
import io.weft.layer.Inputs;
import io.weft.layer.Layer;
import io.weft.layer.MaskType;
import io.weft.model.LocallyMaskedPixelCnn;
import io.weft.optimise.Adam;
import io.weft.order.GenerationOrder;
import io.weft.spark.testing.JavaProcess;
import io.weft.spark.testing.StandaloneCluster;
import io.weft.train.Training;
import io.weft.train.TrainingEvent;
import io.weft.train.TrainingException;
import io.weft.train.TrainingOptions;
import io.weft.weight.Weights;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.LongConsumer;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Training: the bits are those of one process. */
abstract class TrainingOnCluster extends OnCluster {

  private static final ImageSet DIGITS = EmbeddedDigits.count(64).size(8).levels(4).seed(5).grey();
  private static final Examples EXAMPLES = Examples.labelled(DIGITS, "class");

  /** Batch normalisation, dropout and a class condition. */
  static Definition small() {
    ModelBuilder model = ModelBuilder.of("small", DIGITS.spec());
    Feature label = model.classCondition("class", 10);
    Feature first =
        model
            .image()
            .apply("first", CausalConvolution.square(8, 3, MaskType.A))
            .batchNormalisation();
    Feature second =
        first
            .relu()
            .dropout(0.25)
            .apply("second", CausalConvolution.square(8, 3, MaskType.B))
            .conditionedOn(label);
    return model.softmax(second.relu().conv1x1(4));
  }

  /** Batches of 22, 22 and 20, of which the last micro-batches have 2 and 4 images. */
  private static TrainingOptions.Builder options(long steps) {
    return TrainingOptions.seed(3)
        .steps(steps)
        .batch(22)
        .microBatch(4)
        .clipNorm(1)
        .polyak(0.9)
        .weightDecay(0.01);
  }

  private static Model.Snapshot alone(Definition definition, Examples examples, TrainingOptions o) {
    try (Model model = Model.initial(definition, 1)) {
      model.train(examples, o);
      return model.snapshot();
    }
  }

  private static Model.Snapshot together(
      Definition definition, Examples examples, TrainingOptions options, int slots) {
    try (Model model = Model.initial(definition, 1)) {
      model.train(examples, Fleet.on(spark, slots).spread(options));
      return model.snapshot();
    }
  }

  /** Trains, and does something behind each step. */
  private static Model.Snapshot together(long steps, LongConsumer behind) {
    try (Model model = Model.initial(small(), 1)) {
      try (Training run = Fleet.on(spark).training(model, EXAMPLES, options(steps).build())) {
        while (run.hasNext()) {
          if (run.next() instanceof TrainingEvent.Stepped stepped) {
            behind.accept(stepped.step());
          }
        }
      }
      return model.snapshot();
    }
  }

  private static void finish(Training run) {
    while (run.hasNext()) {
      run.next();
    }
  }

  static void assertSame(Model.Snapshot expected, Model.Snapshot found) {
    assertSame(expected.weights(), found.weights());
    var state = expected.state().orElseThrow();
    var other = found.state().orElseThrow();
    assertEquals(state.step(), other.step());
    assertEquals(state.loss(), other.loss());
    assertSame(state.raw(), other.raw());
    state
        .slots()
        .forEach(
            (slot, arrays) ->
                arrays.forEach(
                    (name, array) ->
                        assertArrayEquals(array, other.slots().get(slot).get(name), name)));
  }

  private static void assertSame(Weights expected, Weights found) {
    for (String name : expected.names()) {
      assertArrayEquals(expected.values(name), found.values(name), name);
    }
  }

  @Test
  void theBitsAreThoseOfOneProcessWhateverTheTasks() {
    TrainingOptions options = options(5).build();
    Model.Snapshot expected = alone(small(), EXAMPLES, options);
    for (int slots : new int[] {1, 2, 8}) {
      assertSame(expected, together(small(), EXAMPLES, options, slots));
    }
  }

  @Test
  void severalOrdersAndFrozenLayersTrainAlike() {
    Definition definition =
        LocallyMaskedPixelCnn.builder(DIGITS.spec())
            .blocks(1)
            .maps(6)
            .orders(GenerationOrder.eight(GenerationOrder.sCurve(8, 8)))
            .build();
    String first = Weights.initial(definition, 1).names().iterator().next();
    TrainingOptions options = options(4).freeze(first).build();
    Examples examples = Examples.of(DIGITS);
    assertSame(alone(definition, examples, options), together(definition, examples, options, 0));
  }

  @Test
  void bfloat16TrainsAlike() {
    try {
      Precision.BFLOAT16.check(Device.cpu());
    } catch (IllegalStateException e) {
      assumeTrue(false, e.getMessage());
    }
    TrainingOptions options = options(3).precision(Precision.BFLOAT16).build();
    assertSame(alone(small(), EXAMPLES, options), together(small(), EXAMPLES, options, 0));
  }

  /** Each part by another program, which has nothing but what the one before has saved. */
  @Test
  void aRunIsGoneOnWithElsewhere(@TempDir Path folder) throws Exception {
    Model.Snapshot expected = alone(small(), EXAMPLES, options(6).checkpointEvery(1).build());
    Path saved = folder.resolve("model");
    try (Model model = Model.initial(small(), 1)) {
      model.train(EXAMPLES, options(2).checkpointEvery(1).build());
      model.save(saved);
    }
    try (Model model = Model.load(saved);
        Training run =
            Fleet.on(spark).resuming(model, EXAMPLES, options(50).checkpointEvery(1).build())) {
      // Saved on the way, and then dropped.
      while (!(run.next() instanceof TrainingEvent.Checkpointed at && at.step() == 4)) {}
      model.save(saved);
    }
    try (Model model = Model.load(saved)) {
      model.resume(EXAMPLES, options(6).checkpointEvery(1).build());
      assertSame(expected, model.snapshot());
    }
  }

  @Test
  void lostExecutorsAndAWorkerThatComesLateMakeNoDifference() {
    Model.Snapshot expected = alone(small(), EXAMPLES, options(12).build());
    StandaloneCluster.Worker[] third = new StandaloneCluster.Worker[1];
    Model.Snapshot found =
        together(
            12,
            step -> {
              if (step == 2) {
                cluster.workers().get(0).killExecutors();
              } else if (step == 4) {
                third[0] = cluster.add("127.0.0.1", 2);
                await(3);
              } else if (step == 8) {
                third[0].close();
              }
            });
    assertSame(expected, found);
    await(2);
  }

  /** The weights of a step are taken back under a task that comes late. */
  @Test
  void aTaskThatHangsIsComputedElsewhere() throws Exception {
    Model.Snapshot expected = alone(small(), EXAMPLES, options(6).build());
    ProcessHandle slow = cluster.workers().get(1).executors().get(0);
    Model.Snapshot found =
        together(
            6,
            step -> {
              if (step == 2) {
                signal("STOP", slow);
              } else if (step == 4) {
                signal("CONT", slow);
              }
            });
    assertSame(expected, found);
  }

  private static void signal(String name, ProcessHandle process) {
    try {
      new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
    } catch (java.io.IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Expects that training is refused by the name of a worker, once that has loaded TensorFlow. */
  static FleetException refusedTraining() {
    try (Model model = Model.initial(small(), 1);
        Training run = Fleet.on(spark).training(model, EXAMPLES, options(100_000).build())) {
      return assertThrows(FleetException.class, () -> finish(run));
    }
  }

  @Test
  void whatIsNotFiniteNamesTheMicroBatchAndTheLayer() {
    try (Model model = Model.initial(small(), 1)) {
      TrainingOptions options = options(50).optimiser(Adam.withRate(1e30)).build();
      var error =
          assertThrows(
              TrainingException.class,
              () -> model.train(EXAMPLES, Fleet.on(spark).spread(options)));
      assertTrue(error.getMessage().contains(" in micro-batch 0 "), error.getMessage());
      assertTrue(error.getMessage().contains("layer") || error.getMessage().contains("parameter"));
    }
  }

  /** Twice. */
  record Twice() implements Layer {
    @Override
    public Shape shape(Inputs inputs) {
      return inputs.only();
    }

    @Override
    public Expression compute(Inputs inputs) {
      return inputs.read(0).map(Unary.SOFTPLUS);
    }
  }

  @Test
  void whatWorkersCannotDoIsSaidBeforeTheFirstStep() {
    ModelBuilder builder = ModelBuilder.of("own", DIGITS.spec());
    Definition own =
        builder.softmax(builder.image().shiftRight(1).conv1x1(8).apply(new Twice()).conv1x1(4));
    Fleet fleet = Fleet.on(spark);
    try (Model model = Model.initial(own, 1)) {
      var error =
          assertThrows(
              IllegalArgumentException.class,
              () -> fleet.training(model, Examples.of(DIGITS), options(1).build()));
      assertTrue(error.getMessage().contains("Twice"), error.getMessage());
      assertTrue(error.getMessage().contains("Give Fleet.on the catalog"), error.getMessage());
    }
    try (Model model = Model.initial(small(), 1)) {
      TrainingOptions whole = TrainingOptions.seed(1).steps(1).build();
      var error =
          assertThrows(IllegalStateException.class, () -> fleet.training(model, EXAMPLES, whole));
      assertTrue(error.getMessage().contains("microBatch"), error.getMessage());
    }
  }

  @Test
  void anInterruptCancelsTheJob() throws Exception {
    try (Model model = Model.initial(small(), 1);
        Training run = Fleet.on(spark).training(model, EXAMPLES, options(1000).build())) {
      run.next();
      Thread trains = Thread.currentThread();
      Thread other =
          new Thread(
              () -> {
                JavaProcess.until(
                    () -> spark.statusTracker().getActiveJobIds().length > 0,
                    "a job",
                    Duration.ofSeconds(20));
                trains.interrupt();
              });
      other.start();
      assertThrows(CancellationException.class, () -> finish(run));
      assertTrue(Thread.interrupted());
      other.join();
      JavaProcess.until(
          () -> spark.statusTracker().getActiveJobIds().length == 0,
          "the end of the job",
          Duration.ofSeconds(20));
      assertTrue(model.snapshot().state().orElseThrow().step() >= 1);
    }
  }

  /** Trains on the cluster whose address is given, and saves the model behind each step. */
  public static void main(String[] arguments) throws Exception {
    var conf = StandaloneCluster.conf(arguments[0], "driver").set("spark.cores.max", "2");
    try (JavaSparkContext context = new JavaSparkContext(conf);
        Model model = Model.initial(small(), 1);
        Training run =
            Fleet.on(context).training(model, EXAMPLES, options(1000).checkpointEvery(1).build())) {
      while (run.hasNext()) {
        if (run.next() instanceof TrainingEvent.Checkpointed reached) {
          model.save(Path.of(arguments[1]));
          System.out.println("saved " + reached.step());
        }
      }
    }
  }

  /** In every build a run goes on from what was saved; here its driver is killed as well. */
  @Test
  @EnabledIfSystemProperty(named = "weft.slow", matches = "true")
  void aDriverThatIsKilledIsGoneOnWith(@TempDir Path folder) throws Exception {
    Path saved = folder.resolve("model");
    Path log = Path.of("target", "spark-cluster", "driver.log");
    spark.close();
    try (JavaProcess driver =
        JavaProcess.start(
            List.of("-Xmx512m", "-XX:+UseSerialGC"),
            Map.of(),
            log,
            TrainingOnCluster.class.getName(),
            cluster.url(),
            saved.toString())) {
      driver.await("saved ([0-9]+)", Duration.ofSeconds(90));
      driver.await("saved 4()", Duration.ofSeconds(90));
      driver.kill();
    } finally {
      start(jars);
    }
    assertTrue(Files.isDirectory(saved));
    try (Model model = Model.load(saved)) {
      long reached = model.snapshot().state().orElseThrow().step();
      assertTrue(reached >= 3, "it had saved step " + reached);
      TrainingOptions more = options(reached + 3).checkpointEvery(1).build();
      try (Training run = Fleet.on(spark).resuming(model, EXAMPLES, more)) {
        finish(run);
      }
      assertSame(alone(small(), EXAMPLES, more), model.snapshot());
    }
  }

  /** Spark asks three times, for 20 seconds each. */
  @Test
  @EnabledIfSystemProperty(named = "weft.slow", matches = "true")
  void aDriverWithoutTheSecretIsRefused() {
    spark.close();
    try (Model model = Model.initial(small(), 1)) {
      // The context may end before it was made, or behind that.
      Exception refused =
          assertThrows(
              Exception.class,
              () -> {
                var conf = StandaloneCluster.withoutSecret(cluster.url(), "stranger");
                try (JavaSparkContext stranger = new JavaSparkContext(conf)) {
                  model.train(EXAMPLES, Fleet.on(stranger).spread(options(1).build()));
                }
              });
      assertTrue(
          !(refused instanceof FleetException)
              || refused.getMessage().contains("spark.authenticate.secret"),
          refused.getMessage());
      assertTrue(model.history().isEmpty());
    } finally {
      start(jars);
    }
  }

  @Test
  void memoryStaysFlat() {
    int steps = Boolean.getBoolean("weft.slow") ? 900 : 120;
    ProcessHandle executor = cluster.workers().get(0).executors().get(0);
    Path status = Path.of("/proc", String.valueOf(executor.pid()), "status");
    assumeTrue(Files.exists(status), "needs Linux's /proc");
    long[] megabytes = new long[2];
    together(
        steps,
        step -> {
          if (step == steps / 3) {
            megabytes[0] = held(status);
          } else if (step == steps) {
            megabytes[1] = held(status);
          }
        });
    assertTrue(
        megabytes[1] - megabytes[0] < 120, megabytes[0] + " MB became " + megabytes[1] + " MB");
  }

  private static long held(Path status) {
    try {
      return Files.readAllLines(status).stream()
          .filter(line -> line.startsWith("RssAnon:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
          .findFirst()
          .orElseThrow();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
