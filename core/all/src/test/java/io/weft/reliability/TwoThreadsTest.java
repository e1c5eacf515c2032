package io.weft.reliability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.data.Examples;
import io.weft.sample.Pull;
import io.weft.sample.SampledImage;
import io.weft.sample.Sampler;
import io.weft.sample.SamplingExecutor;
import io.weft.sample.SamplingRun;
import io.weft.train.Training;
import io.weft.train.TrainingEvent;
import io.weft.train.TrainingOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/** What is pulled is for one thread at a time, and says so to a second one. */
@Timeout(120)
class TwoThreadsTest {

  private static final Examples EXAMPLES = Examples.of(MixedWork.images());

  /** Something that is pulled: one call of it, and its end. */
  private record Pulled(Runnable call, AutoCloseable end) {}

  private interface Start {
    Pulled of(Model model);
  }

  private static Sampler sampler(Model model, SamplingExecutor executor) {
    return model.sampler(1).count(1 << 20).batch(64).executor(executor);
  }

  private static Pulled iterator(Pull<?> pull) {
    return new Pulled(pull::next, pull);
  }

  private static Pulled stream(Stream<?> stream) {
    var iterator = stream.iterator();
    return new Pulled(iterator::next, stream);
  }

  private static Pulled run(SamplingRun run, Runnable call) {
    return new Pulled(call, run);
  }

  private static Pulled training(Training run) {
    return new Pulled(run::next, run);
  }

  @TestFactory
  Stream<DynamicTest> aSecondThreadIsRefused() {
    var options = TrainingOptions.seed(1).steps(Long.MAX_VALUE).build();
    List<DynamicTest> all = new ArrayList<>();
    for (SamplingExecutor on :
        List.of(SamplingExecutor.jvm(), SamplingExecutor.tensorflowWithoutXla())) {
      all.add(refused("pixels on " + on, m -> iterator(sampler(m, on).pixels().iterator())));
      all.add(refused("rows on " + on, m -> iterator(sampler(m, on).rows().iterator())));
      all.add(refused("images on " + on, m -> iterator(sampler(m, on).images().iterator())));
      all.add(refused("a stream on " + on, m -> stream(sampler(m, on).images().stream())));
      all.add(
          refused(
              "a run on " + on,
              m -> {
                SamplingRun run = m.sampler(1).count(64).executor(on).run();
                return run(run, () -> run.parameters(0));
              }));
    }
    all.add(refused("training", m -> training(m.training(EXAMPLES, options))));
    return all.stream();
  }

  private static DynamicTest refused(String name, Start start) {
    return DynamicTest.dynamicTest(
        name,
        () -> {
          try (Model model = Model.initial(MixedWork.definition(), 1)) {
            Pulled pulled = start.of(model);
            ExecutorService threads = Executors.newFixedThreadPool(2);
            try {
              String message = collide(threads, pulled.call());
              assertTrue(message.contains("one thread at a time"), message);
              pulled.call().run();
            } finally {
              threads.shutdownNow();
              Thread.interrupted();
              pulled.end().close();
            }
          }
        });
  }

  /** Has two threads call until one of them is refused, and returns what it is told. */
  private static String collide(ExecutorService threads, Runnable call) throws Exception {
    CountDownLatch both = new CountDownLatch(2);
    List<Future<String>> ends = new ArrayList<>();
    CountDownLatch refused = new CountDownLatch(1);
    for (int i = 0; i < 2; i++) {
      ends.add(
          threads.submit(
              () -> {
                both.countDown();
                both.await();
                while (refused.getCount() > 0) {
                  try {
                    call.run();
                  } catch (IllegalStateException e) {
                    refused.countDown();
                    return e.getMessage();
                  }
                }
                return "";
              }));
    }
    return ends.get(0).get() + ends.get(1).get();
  }

  @Test
  void threadsMayTakeTurns() throws Exception {
    try (Model model = Model.initial(MixedWork.definition(), 1);
        Pull<SampledImage> pull = model.sampler(1).count(6).batch(4).images().iterator()) {
      List<SampledImage> found = new ArrayList<>();
      while (pull.hasNext()) {
        ExecutorService another = Executors.newSingleThreadExecutor();
        found.add(another.submit(pull::next).get());
        another.shutdown();
      }
      assertEquals(model.sampler(1).count(6).images().toList(), found);
    }
  }

  @Test
  void closingWaitsForTheCallInHand() throws Exception {
    CountDownLatch within = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    try (Model model = Model.initial(MixedWork.definition(), 1)) {
      Training run =
          model.training(
              EXAMPLES,
              TrainingOptions.seed(1)
                  .steps(9)
                  .listen(
                      event -> {
                        if (event instanceof TrainingEvent.Stepped) {
                          within.countDown();
                          await(go);
                        }
                      })
                  .build());
      ExecutorService threads = Executors.newFixedThreadPool(2);
      Future<TrainingEvent> step = threads.submit(run::next);
      within.await();
      Future<?> closed = threads.submit(run::close);
      assertThrows(IllegalStateException.class, run::next);
      Thread.sleep(50);
      assertFalse(closed.isDone());
      go.countDown();
      assertEquals(1, step.get().step());
      closed.get();
      assertEquals("CANCELLED", model.history().get(0).outcome());
      assertFalse(run.hasNext());
      threads.shutdown();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
