package com.example.weft;

import static com.example.weft.Digits.TEST;
import static com.example.weft.Digits.TRAIN;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.sample.Pixel;
import io.weft.sample.Pull;
import io.weft.sample.SampledImage;
import io.weft.train.TrainingOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Interrupts cancel, and what is pulled is for one thread at a time. */
class ThreadsTest {

  @TempDir private Path folder;

  @Test
  void aTimeOutEndsWhatWouldNeverEnd() throws Exception {
    try (Model model = Digits.untrained()) {
      double[] before = model.score(TEST).logLikelihoods();
      ExecutorService threads = Executors.newSingleThreadExecutor();
      // region cancel
      Future<List<SampledImage>> drawing =
          threads.submit(() -> model.sampler(7).count(1_000_000).labels(i -> 3).images().toList());
      try {
        drawing.get(200, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        drawing.cancel(true); // Interrupts the thread, which is free a moment later.
      }
      // endregion
      assertTrue(drawing.isCancelled());
      long now = System.nanoTime();
      double[] after = threads.submit(() -> model.score(TEST).logLikelihoods()).get();
      assertTrue(System.nanoTime() - now < TimeUnit.SECONDS.toNanos(5));
      assertArrayEquals(before, after);
      threads.shutdown();
    }
  }

  @Test
  void theStatusStaysSetAndEveryCallHeedsIt() {
    try (Model model = Digits.untrained()) {
      Thread.currentThread().interrupt();
      TrainingOptions options = TrainingOptions.seed(1).build();
      assertThrows(CancellationException.class, () -> model.score(TEST));
      assertThrows(CancellationException.class, () -> model.train(TRAIN, options));
      assertThrows(
          CancellationException.class,
          () -> model.sampler(7).labels(i -> 3).pixels().stream().forEach(pixel -> {}));
      assertThrows(CancellationException.class, () -> model.save(folder.resolve("model")));
      assertFalse(Files.exists(folder.resolve("model")));
      assertTrue(Thread.interrupted());
      assertEquals(TEST.size(), model.score(TEST).size());
    }
  }

  @Test
  @Timeout(60)
  void anIteratorIsForOneThreadAtATime() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (Model model = Digits.untrained();
        Pull<Pixel> pixels =
            model.sampler(7).count(1_000_000).batch(16).labels(i -> 3).pixels().iterator()) {
      CountDownLatch both = new CountDownLatch(2);
      List<Future<Long>> pulling =
          List.of(
              threads.submit(() -> pullToTheEnd(pixels, both)),
              threads.submit(() -> pullToTheEnd(pixels, both)));
      while (pulling.stream().noneMatch(Future::isDone)) {
        Thread.sleep(5);
      }
      Runnable close = pixels::close;
      close.run();
      String refused = refusal(pulling.get(0)) + refusal(pulling.get(1));
      assertTrue(refused.contains("one thread at a time"), refused);
    } finally {
      threads.shutdown();
    }
  }

  private static long pullToTheEnd(Pull<Pixel> pixels, CountDownLatch both) throws Exception {
    both.countDown();
    both.await();
    long pulled = 0;
    while (pixels.hasNext()) {
      pixels.next();
      pulled++;
    }
    return pulled;
  }

  private static String refusal(Future<Long> pulling) throws InterruptedException {
    try {
      return "pulled " + pulling.get() + ". ";
    } catch (ExecutionException e) {
      return assertInstanceOf(RuntimeException.class, e.getCause()).getMessage();
    }
  }
}
