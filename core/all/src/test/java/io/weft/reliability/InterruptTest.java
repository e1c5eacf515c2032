package io.weft.reliability;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.example.Recurrence;
import io.weft.Model;
import io.weft.codec.Codec;
import io.weft.complete.Half;
import io.weft.complete.KnownPixels;
import io.weft.complete.PixelMask;
import io.weft.data.Cifar10;
import io.weft.data.EmbeddedDigits;
import io.weft.data.Examples;
import io.weft.data.Fit;
import io.weft.data.ImageFolder;
import io.weft.data.ImageSet;
import io.weft.data.NumpyFile;
import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.engine.Device;
import io.weft.image.Picture;
import io.weft.layer.Feature;
import io.weft.layer.Subsample;
import io.weft.model.GatedPixelCnn;
import io.weft.model.LocallyMaskedPixelCnn;
import io.weft.order.GenerationOrder;
import io.weft.pyramid.MultiScale;
import io.weft.pyramid.MultiScaleModel;
import io.weft.pyramid.Scale;
import io.weft.sample.Pixel;
import io.weft.sample.Pull;
import io.weft.sample.SampledImage;
import io.weft.sample.Sampler;
import io.weft.sample.SamplingExecutor;
import io.weft.sample.SamplingRun;
import io.weft.spec.ImageSpec;
import io.weft.testing.SlowChecks;
import io.weft.train.TrainingEvent;
import io.weft.train.TrainingListener;
import io.weft.train.TrainingOptions;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A thread is interrupted wherever it may be within Weft: it leaves soon, with one exception, still
 * interrupted, and everything can be used again.
 */
@Timeout(300)
class InterruptTest {

  /**
   * What an interrupted call, which is without end, may still take: some milliseconds on a machine
   * at rest, but other tests may be at work.
   */
  private static final Duration SOON = Duration.ofSeconds(3);

  private static final int WITHOUT_END = 1 << 20;

  private static final ImageSpec IMAGE = new ImageSpec(28, 28, 1, 16);

  /** Large enough that compiling, a row of many images and a batch take their time. */
  private static final Definition GATED =
      GatedPixelCnn.builder(IMAGE).blocks(6).maps(32).kernel(5).build();

  private static final Definition ANY_ORDER =
      LocallyMaskedPixelCnn.builder(new ImageSpec(16, 16, 1, 2))
          .orders(GenerationOrder.eight(GenerationOrder.sCurve(16, 16)))
          .blocks(3)
          .maps(32)
          .build();

  private static final Examples DIGITS =
      Examples.of(EmbeddedDigits.count(400).size(28).levels(16).seed(1).grey());

  private static final Examples BINARY =
      Examples.of(EmbeddedDigits.count(40).size(16).levels(2).seed(1).grey());

  private static final TrainingOptions ENDLESS =
      TrainingOptions.seed(1).steps(Long.MAX_VALUE).batch(16).build();

  private static final Model GATED_MODEL = Model.initial(GATED, 1);
  private static final Model ANY_MODEL = Model.initial(ANY_ORDER, 1);

  @TempDir Path folder;

  @AfterAll
  static void closeModels() {
    GATED_MODEL.close();
    ANY_MODEL.close();
  }

  @AfterEach
  void clear() {
    Thread.interrupted();
  }

  /** What a layer reads is followed from position to position, of which there may be many. */
  @Test
  void declaringIsCancelled() {
    ModelBuilder model = ModelBuilder.of("declared", IMAGE);
    Feature image = model.image();
    Thread.currentThread().interrupt();
    assertThrows(CancellationException.class, () -> image.apply(new Subsample(2)));
    assertThrows(CancellationException.class, () -> image.apply(Recurrence.of(3, -1, 0)));
    assertTrue(Thread.interrupted());
    assertEquals(14, image.apply(new Subsample(2)).shape().height());
  }

  /** A call without end; counts down when it is under way. */
  private interface Call {
    void run(CountDownLatch begun) throws Exception;
  }

  private record Named(String name, Call call) {}

  private static Examples many(Examples of) {
    return Examples.of(of.images().select(new int[20_000]));
  }

  private static Sampler sampler(SamplingExecutor executor, int batch) {
    return GATED_MODEL.sampler(5).count(WITHOUT_END).batch(batch).executor(executor);
  }

  private static KnownPixels torn() {
    PixelMask mask = PixelMask.withoutHalf(BINARY.images().spec(), Half.LEFT);
    return KnownPixels.of(BINARY.images(), 0, mask);
  }

  /** Calls that count down before they begin: the interrupt comes a moment later. */
  private List<Named> plain() {
    Examples digits = many(DIGITS);
    Examples binary = many(BINARY);
    List<Named> all = new ArrayList<>();
    all.add(named("score", () -> GATED_MODEL.score(digits)));
    all.add(
        named("score under an order", () -> ANY_MODEL.score(binary, ANY_ORDER.orders().get(3))));
    all.add(named("scoreEnsemble", () -> ANY_MODEL.scoreEnsemble(binary)));
    all.add(
        named(
            "scoreEnsemble under other orders",
            () -> ANY_MODEL.scoreEnsemble(binary, List.of(GenerationOrder.random(16, 16, 3)))));
    all.add(
        named(
            "conditional", () -> ANY_MODEL.conditionalLogLikelihoods(binary, i -> torn().mask())));
    all.add(named("score in Java alone", () -> scoredInJava(digits)));
    all.add(named("score of a pyramid", () -> scoredAsPyramid(digits)));
    all.add(named("encode", () -> Codec.of(GATED_MODEL).encode(digits)));
    all.add(named("train", () -> train(GATED, ENDLESS)));
    all.add(
        named(
            "train, with validation",
            () ->
                train(
                    GATED,
                    TrainingOptions.seed(1).validateOn(many(DIGITS)).validateEvery(1).build())));
    for (SamplingExecutor executor :
        List.of(
            SamplingExecutor.jvm(),
            SamplingExecutor.tensorflow(),
            SamplingExecutor.tensorflowWithoutXla())) {
      String on = " on " + executor;
      all.add(named("list of images" + on, () -> sampler(executor, 1).images().toList()));
      all.add(named("1000 rows at a time" + on, () -> sampler(executor, 1000).rows().toList()));
      all.add(named("1000 pixels at a time" + on, () -> sampler(executor, 1000).pixels().toList()));
      all.add(
          named("stream" + on, () -> sampler(executor, 64).images().stream().forEach(image -> {})));
      all.add(named("publisher" + on, () -> publish(sampler(executor, 64))));
      all.add(named("completion" + on, () -> complete(executor)));
      all.add(named("probabilities" + on, () -> probabilities(executor)));
      all.add(named("a run by hand" + on, () -> drawByHand(executor)));
    }
    all.add(
        named(
            "embedded digits",
            () -> EmbeddedDigits.count(20_000).size(64).levels(4).seed(1).grey()));
    return all;
  }

  private static Named named(String name, Plain call) {
    return new Named(
        name,
        begun -> {
          begun.countDown();
          call.run();
        });
  }

  private interface Plain {
    void run() throws Exception;
  }

  private static void train(Definition definition, TrainingOptions options) {
    try (Model model = Model.initial(definition, 1)) {
      model.train(DIGITS, options);
    }
  }

  private static void scoredInJava(Examples examples) {
    try (Model model = Model.initial(GATED, 1, Device.jvm())) {
      model.score(examples);
    }
  }

  private static void scoredAsPyramid(Examples examples) {
    Scale scale = Scale.subsample(2);
    Definition small = GatedPixelCnn.of(scale.small(IMAGE), 2, 16, 3);
    Definition large =
        GatedPixelCnn.builder(IMAGE).blocks(6).maps(32).smallImageCondition("small", 2).build();
    try (var model = MultiScaleModel.initial(new MultiScale(small, large, "small", scale), 1)) {
      model.score(examples);
    }
  }

  private static void complete(SamplingExecutor executor) {
    ANY_MODEL
        .sampler(1)
        .count(WITHOUT_END)
        .executor(executor)
        .complete(i -> torn())
        .images()
        .toList();
  }

  private static void probabilities(SamplingExecutor executor) {
    int[] levels = DIGITS.images().image(0);
    while (true) {
      GATED_MODEL.sampler(1).executor(executor).probabilities(levels, 20, 20);
    }
  }

  private static void drawByHand(SamplingExecutor executor) {
    while (true) {
      try (SamplingRun run = GATED_MODEL.sampler(1).count(64).executor(executor).run()) {
        while (!run.isDone()) {
          run.parameters(3);
          run.advance();
        }
      }
    }
  }

  /** A publisher on the subscribing thread, which is what is interrupted then. */
  private static void publish(Sampler sampler) throws Exception {
    CompletableFuture<Throwable> error = new CompletableFuture<>();
    sampler
        .images()
        .publisher(Runnable::run)
        .subscribe(
            new Flow.Subscriber<SampledImage>() {
              @Override
              public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
              }

              @Override
              public void onNext(SampledImage item) {}

              @Override
              public void onError(Throwable failure) {
                error.complete(failure);
              }

              @Override
              public void onComplete() {
                error.complete(new AssertionError("completed"));
              }
            });
    assertTrue(error.isDone(), "the publisher has signalled the end");
    throw assertInstanceOf(RuntimeException.class, error.join());
  }

  @TestFactory
  Stream<DynamicTest> whateverIsUnderWayEndsSoon() {
    return plain().stream().map(each -> DynamicTest.dynamicTest(each.name(), () -> endsSoon(each)));
  }

  private static void endsSoon(Named each) throws Exception {
    // While it compiles, and when it is well under way.
    for (long millis : new long[] {20, SlowChecks.times(200, 1000)}) {
      Duration took = interrupted(each.call(), millis);
      assertTrue(took.compareTo(SOON) < 0, each.name() + " went on for " + took.toMillis() + " ms");
    }
  }

  /** Interrupts a call so long after it began, and returns how long it still took. */
  private static Duration interrupted(Call call, long millis) throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    FutureTask<Long> task =
        new FutureTask<>(
            () -> {
              assertThrows(CancellationException.class, () -> call.run(begun));
              assertTrue(Thread.currentThread().isInterrupted(), "the status stays set");
              return System.nanoTime();
            });
    Thread thread = new Thread(task);
    thread.start();
    begun.await();
    Thread.sleep(millis);
    assertFalse(task.isDone(), "ended before the interrupt");
    long now = System.nanoTime();
    thread.interrupt();
    return Duration.ofNanos(task.get() - now);
  }

  @TestFactory
  Stream<DynamicTest> whoIsInterruptedAlreadyBeginsNothing() throws Exception {
    Path saved = folder.resolve("saved");
    GATED_MODEL.save(saved);
    Path pictures = Files.createDirectory(folder.resolve("pictures"));
    Picture picture = Picture.of(IMAGE, DIGITS.images().image(0));
    picture.writePng(pictures.resolve("one.png"));
    Path levels = Files.write(folder.resolve("levels"), new byte[IMAGE.values()]);
    Path cifar = Files.write(folder.resolve("cifar"), new byte[3073]);
    return Stream.of(
            new Begun("save", () -> GATED_MODEL.save(folder.resolve("new"))),
            new Begun("load", () -> Model.load(saved)),
            new Begun("export", () -> GATED_MODEL.exportSavedModel(folder.resolve("new"))),
            new Begun("picture", () -> picture.writePng(folder.resolve("new"))),
            new Begun("folder", () -> ImageFolder.at(pictures).read()),
            new Begun("opened images", () -> ImageSet.open(levels, IMAGE, 0)),
            new Begun("opened records", () -> Cifar10.open(List.of(cifar))),
            new Begun("quantised", () -> DIGITS.images().quantised(2)),
            new Begun("fitted", () -> DIGITS.images().fitted(Fit.centre(8, 8))),
            new Begun(
                "array for NumPy",
                () -> NumpyFile.write(OutputStream.nullOutputStream(), DIGITS.images())),
            new Begun("score", () -> GATED_MODEL.score(DIGITS)),
            new Begun("scoreEnsemble", () -> ANY_MODEL.scoreEnsemble(BINARY)),
            new Begun(
                "conditional",
                () -> ANY_MODEL.conditionalLogLikelihoods(BINARY, i -> torn().mask())),
            new Begun("train", () -> GATED_MODEL.train(DIGITS, ENDLESS)),
            new Begun("training", () -> GATED_MODEL.training(DIGITS, ENDLESS)),
            new Begun("initial", () -> Model.initial(GATED, 1)),
            new Begun("images", () -> GATED_MODEL.sampler(1).images().toList()),
            new Begun(
                "stream", () -> GATED_MODEL.sampler(1).pixels().stream().forEach(pixel -> {})),
            new Begun("run", () -> GATED_MODEL.sampler(1).run()))
        .map(
            each ->
                DynamicTest.dynamicTest(
                    each.name(),
                    () -> {
                      Thread.currentThread().interrupt();
                      var error = assertThrows(CancellationException.class, each.call()::run);
                      assertTrue(Thread.interrupted(), "the status stays set");
                      assertTrue(error.getMessage().contains("interrupted"), error.getMessage());
                      assertFalse(Files.exists(folder.resolve("new")));
                    }));
  }

  private record Begun(String name, Plain call) {}

  @Test
  void aModelIsUsableAfterwards() throws Exception {
    double[] scores = GATED_MODEL.score(DIGITS).logLikelihoods();
    List<SampledImage> images = GATED_MODEL.sampler(3).count(4).images().toList();
    for (Named each : plain()) {
      if (each.name().equals("score") || each.name().equals("1000 rows at a time on jvm")) {
        interrupted(each.call(), 200);
        assertArrayEquals(scores, GATED_MODEL.score(DIGITS).logLikelihoods());
        assertEquals(images, GATED_MODEL.sampler(3).count(4).images().toList());
      }
    }
  }

  @Test
  void aFutureAndAnExecutorCancel() throws Exception {
    ExecutorService threads = Executors.newSingleThreadExecutor();
    Future<?> scoring = threads.submit(() -> GATED_MODEL.score(many(DIGITS)));
    Thread.sleep(200);
    scoring.cancel(true);
    assertEquals(
        4, threads.submit(() -> GATED_MODEL.sampler(1).count(4).images().toList().size()).get());
    Future<?> drawing = threads.submit(() -> sampler(SamplingExecutor.jvm(), 16).images().toList());
    Thread.sleep(200);
    threads.shutdownNow();
    assertTrue(threads.awaitTermination(SOON.toMillis(), TimeUnit.MILLISECONDS));
    var error = assertThrows(ExecutionException.class, drawing::get);
    assertInstanceOf(CancellationException.class, error.getCause());
  }

  @Test
  void whatIsPulledIsClosedThen() {
    try (Pull<Pixel> pixels = GATED_MODEL.sampler(1).pixels().iterator();
        SamplingRun run = GATED_MODEL.sampler(1).run()) {
      pixels.next();
      run.advance();
      Thread.currentThread().interrupt();
      assertThrows(CancellationException.class, pixels::next);
      assertThrows(CancellationException.class, run::advance);
      assertTrue(Thread.interrupted());
      assertFalse(pixels.hasNext());
      assertThrows(NoSuchElementException.class, pixels::next);
      assertThrows(IllegalStateException.class, run::advance);
    }
  }

  @Test
  void theFirstStepIsLeftAsIfItHadNotBegun() throws Exception {
    TrainingOptions two = TrainingOptions.seed(1).steps(2).batch(4).build();
    try (Model undisturbed = Model.initial(GATED, 1);
        Model model = Model.initial(GATED, 1)) {
      Model.Snapshot before = model.snapshot();
      interrupted(
          begun -> {
            begun.countDown();
            model.train(DIGITS, ENDLESS);
          },
          50);
      assertEquals(before.weights(), model.weights());
      assertEquals(Optional.empty(), model.snapshot().state());
      undisturbed.train(DIGITS, two);
      model.train(DIGITS, two);
      assertEquals(Digest.of(undisturbed.snapshot()), Digest.of(model.snapshot()));
    }
  }

  @Test
  void laterStepsAreKept() throws Exception {
    CountDownLatch third = new CountDownLatch(3);
    try (Model model = Model.initial(GATED, 1)) {
      FutureTask<Boolean> task =
          new FutureTask<>(
              () -> {
                TrainingListener counting =
                    event -> {
                      if (event instanceof TrainingEvent.Stepped) {
                        third.countDown();
                      }
                    };
                assertThrows(
                    CancellationException.class, () -> model.train(DIGITS, ENDLESS, counting));
                return Thread.currentThread().isInterrupted();
              });
      Thread thread = new Thread(task);
      thread.start();
      third.await();
      thread.interrupt();
      assertTrue(task.get(), "the status stays set");
      assertEquals("CANCELLED", model.history().get(0).outcome());
      long reached = model.history().get(0).lastStep();
      assertTrue(reached >= 3, "reached " + reached);
      assertEquals(reached, model.snapshot().state().orElseThrow().step());
    }
  }

  @Test
  void closingWaitsForNoCompiling() throws Exception {
    Model model = Model.initial(GATED, 1);
    Thread compiling =
        new Thread(() -> assertThrows(IllegalStateException.class, () -> endless(model)));
    compiling.start();
    Thread.sleep(100);
    long now = System.nanoTime();
    model.close();
    Duration took = Duration.ofNanos(System.nanoTime() - now);
    assertTrue(took.compareTo(SOON) < 0, "closing took " + took.toMillis() + " ms");
    compiling.join();
  }

  private static void endless(Model model) {
    model.sampler(1).count(WITHOUT_END).executor(SamplingExecutor.tensorflow()).images().toList();
  }

  @Test
  void aSaveIsTheOldOrTheNewModelWhenItIsInterrupted() throws Exception {
    Path place = folder.resolve("model");
    Definition large =
        GatedPixelCnn.builder(new ImageSpec(8, 8, 1, 4)).blocks(10).maps(160).kernel(5).build();
    try (Model old = Model.initial(large, 1);
        Model fresh = Model.initial(large, 2)) {
      old.save(place);
      List<String> both = List.of(Digest.of(old.snapshot()), Digest.of(fresh.snapshot()));
      for (long millis = 1; millis < 400; millis = millis * 2 + 5) {
        long wait = millis;
        FutureTask<Duration> task =
            new FutureTask<>(
                () -> {
                  try {
                    fresh.save(place);
                  } catch (CancellationException e) {
                    assertTrue(Thread.currentThread().isInterrupted());
                  }
                  return Duration.ofNanos(System.nanoTime());
                });
        Thread thread = new Thread(task);
        thread.start();
        Thread.sleep(wait);
        Duration now = Duration.ofNanos(System.nanoTime());
        thread.interrupt();
        assertTrue(task.get().minus(now).compareTo(SOON) < 0, "after " + wait + " ms");
        try (Model found = Model.load(place);
            Stream<Path> left = Files.list(folder)) {
          assertTrue(both.contains(Digest.of(found.snapshot())));
          assertEquals(List.of(place), left.toList());
        }
      }
    }
  }
}
