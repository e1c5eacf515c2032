package io.weft.reliability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.complete.Half;
import io.weft.complete.KnownPixels;
import io.weft.complete.PixelMask;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.sample.Pull;
import io.weft.sample.Sampler;
import io.weft.sample.Samples;
import io.weft.sample.SamplingExecutor;
import io.weft.sample.SamplingRun;
import io.weft.train.Training;
import io.weft.train.TrainingOptions;
import io.weft.train.TrainingRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** A model is closed while it is at work: all of it ends, soon, with one clear exception. */
@Timeout(120)
class ClosedModelTest {

  private static final int WITHOUT_END = 1 << 20;
  private static final Examples EXAMPLES = Examples.of(MixedWork.images());
  private static final TrainingOptions ENDLESS =
      TrainingOptions.seed(1).steps(Long.MAX_VALUE).batch(8).build();

  @TempDir Path temporary;

  /** Work without end, which counts down as soon as it is under way. */
  private record Work(String name, BiConsumer<Model, CountDownLatch> work) {}

  private static List<Work> allWork() {
    List<Work> all = new ArrayList<>();
    for (SamplingExecutor executor :
        List.of(SamplingExecutor.jvm(), SamplingExecutor.tensorflowWithoutXla())) {
      for (Work work : sampling(executor)) {
        all.add(new Work(work.name() + " on " + executor, work.work()));
      }
    }
    all.add(
        new Work(
            "score",
            (model, begun) -> {
              while (true) {
                model.score(EXAMPLES);
                begun.countDown();
              }
            }));
    all.add(new Work("score of many images in one call", ClosedModelTest::scoreMany));
    all.add(
        new Work(
            "conditional log-likelihoods",
            (model, begun) -> {
              while (true) {
                model.conditionalLogLikelihoods(EXAMPLES, i -> mask());
                begun.countDown();
              }
            }));
    all.add(
        new Work(
            "train", (model, begun) -> model.train(EXAMPLES, ENDLESS, event -> begun.countDown())));
    return all;
  }

  /** So many that closing would wait long, if it waited for all of them. */
  private static void scoreMany(Model model, CountDownLatch begun) {
    ImageSet images = MixedWork.images();
    int[] many = new int[200_000];
    Examples examples = Examples.of(images.select(many));
    begun.countDown();
    model.score(examples);
  }

  private static List<Work> sampling(SamplingExecutor executor) {
    return List.of(
        new Work("iterator", (model, begun) -> iterate(sampler(model, executor).pixels(), begun)),
        new Work("rows", (model, begun) -> iterate(sampler(model, executor).rows(), begun)),
        new Work(
            "stream",
            (model, begun) ->
                sampler(model, executor).images().stream().forEach(image -> begun.countDown())),
        new Work(
            "list",
            (model, begun) -> {
              begun.countDown();
              sampler(model, executor).pixels().toList();
            }),
        new Work(
            "publisher",
            (model, begun) -> subscribe(sampler(model, executor).pixels().publisher(), begun)),
        new Work(
            "run",
            (model, begun) -> {
              while (true) {
                try (SamplingRun run = sampler(model, executor).count(1).run()) {
                  while (!run.isDone()) {
                    run.parameters(0);
                    run.advance();
                    begun.countDown();
                  }
                }
              }
            }),
        new Work(
            "completion",
            (model, begun) ->
                iterate(sampler(model, executor).complete(i -> known()).pixels(), begun)));
  }

  private static Sampler sampler(Model model, SamplingExecutor executor) {
    return model.sampler(5).count(WITHOUT_END).batch(4).executor(executor);
  }

  private static PixelMask mask() {
    return PixelMask.withoutHalf(MixedWork.images().spec(), Half.LEFT);
  }

  private static KnownPixels known() {
    return KnownPixels.of(MixedWork.images(), 0, mask());
  }

  private static <T> void iterate(Samples<T> samples, CountDownLatch begun) {
    try (Pull<T> pull = samples.iterator()) {
      while (pull.hasNext()) {
        pull.next();
        begun.countDown();
      }
    }
  }

  private static <T> void subscribe(Flow.Publisher<T> publisher, CountDownLatch begun) {
    CompletableFuture<Throwable> error = new CompletableFuture<>();
    publisher.subscribe(
        new Flow.Subscriber<>() {
          @Override
          public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
          }

          @Override
          public void onNext(T item) {
            begun.countDown();
          }

          @Override
          public void onError(Throwable failure) {
            error.complete(failure);
          }

          @Override
          public void onComplete() {
            error.complete(new AssertionError("completed"));
          }
        });
    if (error.join() instanceof IllegalStateException closed) {
      throw closed;
    }
    throw new AssertionError(error.join());
  }

  @TestFactory
  Stream<DynamicTest> whateverIsUnderWayEnds() {
    return allWork().stream()
        .map(
            work ->
                DynamicTest.dynamicTest(
                    work.name(),
                    () -> {
                      Model model = Model.initial(MixedWork.definition(), 1);
                      endsWhenClosed(model, List.of(work));
                    }));
  }

  @Test
  void allAtOnceEndsAtOnce() throws Exception {
    Model model = Model.initial(MixedWork.definition(), 1);
    endsWhenClosed(model, allWork());
    assertEquals("CANCELLED", model.history().get(0).outcome());
  }

  private static void endsWhenClosed(Model model, List<Work> all) throws Exception {
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      List<CountDownLatch> begun = new ArrayList<>();
      List<Future<IllegalStateException>> ends = new ArrayList<>();
      for (Work work : all) {
        CountDownLatch its = new CountDownLatch(1);
        begun.add(its);
        ends.add(
            threads.submit(
                () ->
                    assertThrows(
                        IllegalStateException.class,
                        () -> work.work().accept(model, its),
                        work.name())));
      }
      for (CountDownLatch its : begun) {
        its.await();
      }
      model.close();
      for (int i = 0; i < ends.size(); i++) {
        String message = ends.get(i).get().getMessage();
        assertTrue(message.contains("this model is closed"), all.get(i).name() + ": " + message);
      }
      model.close();
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void nothingBeginsOnAClosedModel() {
    Model model = Model.initial(MixedWork.definition(), 1);
    Sampler before = model.sampler(1);
    Samples<?> samples = before.images();
    model.close();
    model.close();
    for (Executable use :
        List.<Executable>of(
            () -> model.score(EXAMPLES),
            () -> model.scoreEnsemble(EXAMPLES),
            () -> model.conditionalLogLikelihoods(EXAMPLES, i -> mask()),
            () -> model.training(EXAMPLES, ENDLESS),
            () -> model.train(EXAMPLES, ENDLESS),
            () -> model.sampler(1),
            before::run,
            samples::iterator,
            samples::toList)) {
      String message = assertThrows(IllegalStateException.class, use).getMessage();
      assertTrue(message.contains("this model is closed"), message);
    }
  }

  @Test
  void whatWasReachedCanStillBeSaved() throws Exception {
    Model model = Model.initial(MixedWork.definition(), 1);
    Training run = model.training(EXAMPLES, ENDLESS);
    run.next();
    model.close();
    assertThrows(IllegalStateException.class, run::next);
    run.close();
    TrainingRecord record = model.history().get(0);
    assertEquals("CANCELLED", record.outcome());
    assertEquals(1, record.lastStep());
    model.save(temporary.resolve("m"));
    try (Model loaded = Model.load(temporary.resolve("m"))) {
      assertEquals(Digest.of(model.snapshot()), Digest.of(loaded.snapshot()));
    }
  }
}
