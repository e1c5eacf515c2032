package io.weft.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.anomaly.Anomalies;
import io.weft.anomaly.AnomalyDetector;
import io.weft.codec.Codec;
import io.weft.codec.CodedImages;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.engine.Device;
import io.weft.internal.thread.Aside;
import io.weft.order.GenerationOrder;
import io.weft.sample.SampledImage;
import io.weft.sample.SamplingExecutor;
import io.weft.score.Scores;
import io.weft.spark.testing.JavaProcess;
import io.weft.spec.ConditionValues;
import io.weft.train.Training;
import io.weft.train.TrainingOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** A fleet does what one process does, bit for bit; here on the threads of this one. */
class FleetTest {

  private static JavaSparkContext spark;

  @BeforeAll
  static void start() {
    spark = LocalSpark.start("fleet");
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  @Test
  void scoresAreThoseOfOneProcess() {
    Examples examples = SmallModels.examples(100);
    for (Device device : List.of(Device.jvm(), Device.cpu())) {
      try (Model model = SmallModels.model(device)) {
        Scores alone = model.score(examples);
        for (int tasks : new int[] {1, 3}) {
          try (Fleet fleet = Fleet.on(spark, tasks)) {
            assertArrayEquals(
                alone.values(), fleet.score(model, examples).values(), device + ", " + tasks);
          }
        }
      }
    }
  }

  @Test
  void theGuideIsRight(@TempDir Path folder) throws IOException {
    Examples examples = SmallModels.examples(20);
    String drawn = folder.resolve("drawn").toString();
    try (Model model = SmallModels.model(Device.jvm())) {
      // region fleet
      try (Fleet fleet = Fleet.on(spark)) {
        Scores scores = fleet.score(model, examples);
        fleet.sample(model, 7).count(40).labels(image -> (int) (image % 10)).saveTo(drawn);
        CodedImages coded = fleet.compress(Codec.of(model), examples);
        // endregion
        assertEquals(20, scores.size());
        assertEquals(20, coded.size());
        assertTrue(Files.isDirectory(Path.of(drawn)));
      }
    }
  }

  @Test
  void aListenerHearsOfAllImagesOnTheCallersThread() {
    try (Model model = SmallModels.model(Device.jvm());
        Fleet fleet = Fleet.on(spark)) {
      List<Long> heard = new ArrayList<>();
      Thread caller = Thread.currentThread();
      fleet.score(
          model,
          SmallModels.examples(100),
          (done, total) -> {
            assertEquals(caller, Thread.currentThread());
            assertEquals(100, total);
            heard.add(done);
          });
      assertEquals(100, heard.get(heard.size() - 1));
      assertEquals(heard.stream().sorted().distinct().toList(), heard);
      assertThrows(
          IllegalStateException.class,
          () ->
              fleet.score(
                  model,
                  SmallModels.examples(100),
                  (done, total) -> {
                    throw new IllegalStateException("enough");
                  }));
    }
  }

  @Test
  void whatDoesNotFitIsRefusedBeforeAnythingTravels() {
    try (Model model = SmallModels.model(Device.jvm());
        Fleet fleet = Fleet.on(spark)) {
      Examples unlabelled = Examples.of(SmallModels.images(4));
      assertThrows(IllegalArgumentException.class, () -> fleet.score(model, unlabelled));
      assertThrows(IllegalArgumentException.class, () -> fleet.sample(model, 1).images());
      FleetSampler beyond = fleet.sample(model, 1).count(20).labels(image -> (int) image);
      String message = assertThrows(IllegalArgumentException.class, beyond::images).getMessage();
      assertTrue(message.contains("image 19") && message.contains("found 19"), message);
      assertThrows(
          IllegalArgumentException.class, () -> fleet.sample(model, 1).executor("automatic"));
    }
  }

  @Test
  void aClosedFleetSaysSo() {
    try (Model model = SmallModels.model(Device.jvm())) {
      Fleet fleet = Fleet.on(spark);
      fleet.close();
      String message =
          assertThrows(
                  IllegalStateException.class, () -> fleet.score(model, SmallModels.examples(2)))
              .getMessage();
      assertEquals("this fleet is closed; make another with Fleet.on", message);
    }
  }

  @Test
  void imagesAreThoseOfTheSampler() {
    try (Model model = SmallModels.model(Device.cpu());
        Fleet fleet = Fleet.on(spark)) {
      GenerationOrder order = model.definition().order();
      List<SampledImage> alone =
          model
              .sampler(7)
              .executor(SamplingExecutor.jvm())
              .firstImage(5)
              .count(70)
              .temperature(0.8)
              .labels(image -> (int) (image % 10))
              .images()
              .toList();
      FleetSampler sampler =
          fleet
              .sample(model, 7)
              .firstImage(5)
              .count(70)
              .temperature(0.8)
              .batch(8)
              .order(order)
              .labels(image -> (int) (image % 10));
      assertEquals(alone, sampler.images().toList());
      FleetSampler again =
          sampler.conditions(
              image -> ConditionValues.none().withLabel("digit", (int) (image % 10)));
      try (Stream<SampledImage> stream = again.images().stream()) {
        assertEquals(alone.subList(0, 3), stream.limit(3).toList());
      }
    }
  }

  @Test
  void partsAreNotDrawnTwice(@TempDir Path folder) throws IOException {
    try (Model model = SmallModels.model(Device.jvm());
        Fleet fleet = Fleet.on(spark)) {
      Path parts = folder.resolve("drawn");
      FleetSampler sampler =
          fleet.sample(model, 7).count(50).imagesPerPart(20).labels(image -> (int) (image % 10));
      SavedParts anew = sampler.saveTo(parts.toUri().toString());
      assertEquals(List.of(3, 0), List.of(anew.drawn(), anew.found()));
      assertEquals(
          List.of(
              "part-000000000000.npy",
              "part-000000000020.npy",
              "part-000000000040.npy",
              "series.txt"),
          names(parts));
      byte[] second = Files.readAllBytes(parts.resolve("part-000000000020.npy"));
      assertArrayEquals(drawnAlone(model, 20, 20), payload(second, 20));

      Files.delete(parts.resolve("part-000000000000.npy"));
      Files.write(parts.resolve("part-000000000040.npy"), new byte[] {1});
      // What a worker leaves that is killed while it writes, and what is nobody's of these.
      String killed = "." + UUID.randomUUID();
      Files.write(parts.resolve(".part-000000000000.npy" + killed), new byte[] {1});
      Files.write(parts.resolve(".part-000000000020.npy" + killed), new byte[] {1});
      Files.write(parts.resolve(".part-000000000060.npy" + killed), new byte[] {1});
      SavedParts resumed = sampler.saveTo(parts.toUri().toString());
      assertEquals(List.of(2, 1), List.of(resumed.drawn(), resumed.found()));
      assertEquals(5, names(parts).size(), names(parts).toString());
      assertTrue(names(parts).contains(".part-000000000060.npy" + killed));
      SavedParts more = sampler.count(70).saveTo(parts.toUri().toString());
      assertEquals(List.of(2, 2), List.of(more.drawn(), more.found()));
      byte[] third = Files.readAllBytes(parts.resolve("part-000000000040.npy"));
      assertArrayEquals(drawnAlone(model, 40, 20), payload(third, 20));

      FleetSampler other = fleet.sample(model, 8).count(50).imagesPerPart(20).labels(i -> 1);
      String message =
          assertThrows(IllegalArgumentException.class, () -> other.saveTo(parts.toUri().toString()))
              .getMessage();
      assertTrue(message.contains("its seed is 7, not 8"), message);
      FleetSampler relabelled = sampler.labels(image -> 3);
      assertThrows(
          IllegalArgumentException.class, () -> relabelled.saveTo(parts.toUri().toString()));
    }
  }

  /**
   * A driver that was killed while it wrote what series this is to be has left a folder as good as
   * new.
   */
  @Test
  void whatWasHardlyBegunIsBegunAgain(@TempDir Path folder) throws IOException {
    Files.write(folder.resolve(".series.txt." + UUID.randomUUID()), new byte[] {1});
    try (Model model = SmallModels.model(Device.jvm());
        Fleet fleet = Fleet.on(spark)) {
      FleetSampler sampler = fleet.sample(model, 7).count(3).labels(image -> 1);
      sampler.saveTo(folder.toUri().toString());
      assertEquals(List.of("part-000000000000.npy", "series.txt"), names(folder));
    }
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static byte[] payload(byte[] file, int images) {
    int size = images * SmallModels.IMAGE.values();
    return Arrays.copyOfRange(file, file.length - size, file.length);
  }

  private static byte[] drawnAlone(Model model, long first, int count) {
    byte[] levels = new byte[count * SmallModels.IMAGE.values()];
    List<SampledImage> images =
        model
            .sampler(7)
            .executor(SamplingExecutor.jvm())
            .firstImage(first)
            .count(count)
            .labels(image -> (int) (image % 10))
            .images()
            .toList();
    int at = 0;
    for (SampledImage image :
        images.stream().sorted(Comparator.comparingLong(SampledImage::index)).toList()) {
      for (int level : image.levels()) {
        levels[at++] = (byte) level;
      }
    }
    return levels;
  }

  @Test
  void codedBytesAreThoseOfOneProcess() throws IOException {
    Examples examples = SmallModels.examples(50);
    try (Model model = SmallModels.model(Device.jvm());
        Fleet fleet = Fleet.on(spark)) {
      Codec codec = Codec.of(model).imagesPerBlock(7);
      for (Codec each :
          List.of(codec, codec.labelsGiven(), codec.order(GenerationOrder.raster(8, 8)))) {
        assertArrayEquals(bytes(each.encode(examples)), bytes(fleet.compress(each, examples)));
      }
    }
  }

  private static byte[] bytes(CodedImages coded) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    coded.writeTo(out);
    return out.toByteArray();
  }

  @Test
  void anomaliesAreThoseOfTheDetector() {
    ImageSet good = SmallModels.images(60);
    try (Model model = Model.initial(SmallModels.unconditioned(), 1, Device.jvm());
        Model background = Model.initial(SmallModels.unconditioned(), 2, Device.jvm());
        AnomalyDetector detector = AnomalyDetector.of(model, background, good, 0.2, 1);
        Fleet fleet = Fleet.on(spark)) {
      ImageSet images = SmallModels.images(40);
      Anomalies alone = detector.check(images);
      List<Long> heard = new ArrayList<>();
      Anomalies found = fleet.anomalies(detector, images, (done, total) -> heard.add(done));
      assertEquals(80, heard.get(heard.size() - 1));
      assertEquals(heard.stream().sorted().distinct().toList(), heard);
      for (int i = 0; i < images.size(); i++) {
        assertEquals(alone.score(i), found.score(i));
        assertArrayEquals(alone.heat(i), found.heat(i));
      }
    }
  }

  @Test
  void blocksAreScoredLazily() {
    Examples examples = SmallModels.examples(70);
    try (Model model = SmallModels.model(Device.cpu());
        Fleet fleet = Fleet.on(spark)) {
      List<ImageBlock> blocks =
          IntStream.range(0, 7)
              .mapToObj(
                  i ->
                      ImageBlock.of(
                          10L * i, examples.select(IntStream.range(10 * i, 10 * i + 10).toArray())))
              .toList();
      List<BlockScores> found = fleet.score(model, spark.parallelize(blocks, 3)).collect();
      for (int i = 0; i < found.size(); i++) {
        assertEquals(10L * i, found.get(i).first());
        assertArrayEquals(
            model.score(blocks.get(i).examples()).values(), found.get(i).scores().values());
      }
      assertEquals(7, found.size());
    }
  }

  @Test
  void functionsThatCannotTravelAreRefusedAtOnce() {
    try (Model model = SmallModels.model(Device.jvm());
        Fleet fleet = Fleet.on(spark)) {
      Holding holding = new Holding();
      FleetSampler sampler = fleet.sample(model, 1);
      assertEquals(
          "the function of labels (a lambda in io.weft.spark.FleetTest) cannot travel to the"
              + " workers: it captures a io.weft.spark.Holding, which is not Serializable; copy"
              + " what the function needs into a local variable of a Serializable type",
          assertThrows(
                  IllegalArgumentException.class,
                  () -> sampler.labels(image -> (int) image % holding.classes))
              .getMessage());
      FleetConditions named = new Named(holding);
      String message =
          assertThrows(IllegalArgumentException.class, () -> sampler.conditions(named))
              .getMessage();
      assertTrue(
          message.contains("its field Named.holding holds a io.weft.spark.Holding"), message);
      message =
          assertThrows(
                  IllegalArgumentException.class,
                  () -> sampler.labels(image -> notSerializable(image)))
              .getMessage();
      assertTrue(message.contains("(this, a io.weft.spark.FleetTest)"), message);
    }
  }

  private int notSerializable(long image) {
    return (int) image % getClass().getName().length();
  }

  private record Named(Holding holding) implements FleetConditions {
    @Override
    public ConditionValues conditions(long image) {
      return ConditionValues.none();
    }
  }

  @Test
  @Timeout(60)
  void anInterruptCancelsTheJobs() throws InterruptedException {
    try (Model model = SmallModels.model(Device.jvm());
        Fleet fleet = Fleet.on(spark)) {
      FleetSampler endless = fleet.sample(model, 1).count(1_000_000).batch(20_000).labels(i -> 1);
      List<Throwable> thrown = new ArrayList<>();
      Thread caller =
          new Thread(
              () -> {
                try {
                  endless.images().toList();
                } catch (CancellationException e) {
                  thrown.add(e);
                }
              });
      caller.start();
      until(() -> spark.statusTracker().getActiveJobIds().length > 0);
      long interrupted = System.nanoTime();
      caller.interrupt();
      caller.join();
      assertEquals(1, thrown.size());
      until(() -> spark.statusTracker().getActiveJobIds().length == 0);
      assertTrue(System.nanoTime() - interrupted < TimeUnit.SECONDS.toNanos(20));
      assertFalse(fleet.sample(model, 1).labels(i -> 1).images().toList().isEmpty());
    }
  }

  /** What keeps both threads of Spark, so that other jobs wait; another for each test. */
  private static volatile CountDownLatch free = new CountDownLatch(0);

  /** Interrupts this thread when its job waits, and expects that the job ends with the call. */
  private static void assertCancelled(Executable call) throws Exception {
    free = new CountDownLatch(1);
    Future<Void> keeping = spark.parallelize(List.of(0, 1), 2).foreachAsync(i -> free.await());
    try {
      Thread caller = Thread.currentThread();
      Thread other =
          new Thread(
              () -> {
                awaitJobs(2);
                caller.interrupt();
              });
      other.start();
      assertThrows(CancellationException.class, call);
      assertTrue(Thread.interrupted());
      other.join();
      awaitJobs(1);
    } finally {
      free.countDown();
    }
    assertNull(keeping.get());
  }

  private static void awaitJobs(int count) {
    JavaProcess.until(
        () -> spark.statusTracker().getActiveJobIds().length == count,
        count + " jobs",
        Duration.ofSeconds(20));
  }

  private static TrainingOptions steps(int count) {
    return TrainingOptions.seed(3).steps(count).batch(8).microBatch(4).build();
  }

  @Test
  @Timeout(120)
  void anInterruptOfTheFirstStepCancelsItsJob() throws Exception {
    try (Model model = SmallModels.model(Device.cpu());
        Fleet fleet = Fleet.on(spark);
        Training run = fleet.training(model, SmallModels.examples(20), steps(2))) {
      assertCancelled(run::next);
      assertFalse(run.hasNext());
      assertTrue(model.history().isEmpty(), "as if the step had not begun");
    }
  }

  @Test
  @Timeout(120)
  void jobsHeedTheThreadThatTheyAreFor() throws Exception {
    JavaRDD<byte[]> data = spark.parallelize(List.of(new byte[1]));
    try (Fleet fleet = Fleet.on(spark)) {
      assertCancelled(
          () -> Aside.orLeave(() -> fleet.jobs().collect("waiting", data, found -> {})));
    }
  }

  @Test
  void everyStepIsOfTheCallersJobGroup() {
    try (Model model = SmallModels.model(Device.cpu());
        Fleet fleet = Fleet.on(spark);
        Training run = fleet.training(model, SmallModels.examples(20), steps(2))) {
      for (String group : List.of("first step", "second step")) {
        spark.setJobGroup(group, "a step of a training");
        run.next();
        JavaProcess.until(
            () -> spark.statusTracker().getJobIdsForGroup(group).length > 0,
            "a job of the group \"" + group + "\"",
            Duration.ofSeconds(20));
      }
    } finally {
      spark.clearJobGroup();
    }
  }

  private static void until(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }
}
