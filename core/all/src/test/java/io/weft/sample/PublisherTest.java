package io.weft.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.define.Definition;
import io.weft.model.PixelCnn;
import io.weft.spec.ConditionValues;
import io.weft.spec.ImageSpec;
import io.weft.testing.RandomWeights;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PublisherTest {

  private static final Definition MODEL = PixelCnn.of(new ImageSpec(4, 5, 1, 4), 1, 4, 3);

  private static Samples<Pixel> pixels() {
    return Sampler.of(MODEL, RandomWeights.of(MODEL, 1), 5).count(3).batch(2).pixels();
  }

  /** Records everything, asks for nothing by itself. */
  private static class Recorder implements Flow.Subscriber<Pixel> {
    final List<Pixel> pixels = java.util.Collections.synchronizedList(new ArrayList<>());
    final AtomicInteger inside = new AtomicInteger();
    final CountDownLatch ended = new CountDownLatch(1);
    volatile Flow.Subscription subscription;
    volatile Throwable error;
    volatile boolean overlapped;

    @Override
    public void onSubscribe(Flow.Subscription s) {
      subscription = s;
    }

    @Override
    public void onNext(Pixel pixel) {
      overlapped |= inside.getAndIncrement() != 0;
      pixels.add(pixel);
      inside.getAndDecrement();
    }

    @Override
    public void onError(Throwable e) {
      error = e;
      ended.countDown();
    }

    @Override
    public void onComplete() {
      ended.countDown();
    }
  }

  @Test
  void publishesTheSeries() throws InterruptedException {
    Recorder recorder = new Recorder();
    pixels().publisher().subscribe(recorder);
    recorder.subscription.request(Long.MAX_VALUE);
    assertTrue(recorder.ended.await(30, TimeUnit.SECONDS));
    assertEquals(pixels().toList(), recorder.pixels);
    assertNull(recorder.error);
  }

  @Test
  void givesNoMoreThanIsAskedFor() {
    Recorder recorder = new Recorder();
    pixels().publisher(Runnable::run).subscribe(recorder);
    assertEquals(0, recorder.pixels.size());
    recorder.subscription.request(3);
    recorder.subscription.request(4);
    assertEquals(pixels().toList().subList(0, 7), recorder.pixels);
    assertEquals(1, recorder.ended.getCount());
    recorder.subscription.request(53);
    assertEquals(0, recorder.ended.getCount());
    assertEquals(60, recorder.pixels.size());
  }

  @Test
  void signalsAreSerialUnderConcurrentRequests() throws InterruptedException {
    Recorder recorder = new Recorder();
    pixels().publisher().subscribe(recorder);
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < 15; i++) {
                  recorder.subscription.request(1);
                }
              });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertTrue(recorder.ended.await(30, TimeUnit.SECONDS));
    assertEquals(pixels().toList(), recorder.pixels);
    assertEquals(false, recorder.overlapped);
  }

  @Test
  void cancellingIsFinalAndIdempotent() {
    Recorder recorder =
        new Recorder() {
          @Override
          public void onNext(Pixel pixel) {
            super.onNext(pixel);
            if (pixels.size() == 5) {
              subscription.cancel();
              subscription.cancel();
            }
          }
        };
    pixels().publisher(Runnable::run).subscribe(recorder);
    recorder.subscription.request(100);
    recorder.subscription.request(100);
    recorder.subscription.request(-1);
    assertEquals(5, recorder.pixels.size());
    assertEquals(1, recorder.ended.getCount());
  }

  @Test
  void aRequestBelowOneIsAnError() {
    Recorder recorder = new Recorder();
    pixels().publisher(Runnable::run).subscribe(recorder);
    recorder.subscription.request(2);
    recorder.subscription.request(0);
    recorder.subscription.request(5);
    assertInstanceOf(IllegalArgumentException.class, recorder.error);
    assertEquals(2, recorder.pixels.size());
  }

  @Test
  void requestsWithinOnNextDoNotRecurse() {
    Recorder recorder =
        new Recorder() {
          @Override
          public void onSubscribe(Flow.Subscription s) {
            super.onSubscribe(s);
            s.request(1);
          }

          @Override
          public void onNext(Pixel pixel) {
            inside.getAndIncrement();
            pixels.add(pixel);
            subscription.request(1);
            overlapped |= inside.getAndDecrement() != 1;
          }
        };
    pixels().publisher(Runnable::run).subscribe(recorder);
    assertEquals(60, recorder.pixels.size());
    assertEquals(false, recorder.overlapped);
  }

  @Test
  void failuresArriveAsErrors() {
    Recorder refused = new Recorder();
    pixels()
        .publisher(
            task -> {
              throw new RejectedExecutionException("full");
            })
        .subscribe(refused);
    assertInstanceOf(RejectedExecutionException.class, refused.error);
    Recorder failing = new Recorder();
    Sampler.of(
            MODEL,
            () -> {
              throw new IllegalStateException("no weights");
            },
            1)
        .pixels()
        .publisher(Runnable::run)
        .subscribe(failing);
    assertEquals("no weights", failing.error.getMessage());
  }

  /** As when no thread can be started; a pool may have kept the task, and run it later. */
  @Test
  void anErrorOfTheExecutorReachesTheSubscriberOnce() {
    List<Runnable> kept = new ArrayList<>();
    Recorder recorder = new Recorder();
    pixels()
        .publisher(
            task -> {
              if (kept.isEmpty()) {
                kept.add(task);
                task.run();
              } else {
                kept.add(task);
                throw new OutOfMemoryError("no thread");
              }
            })
        .subscribe(recorder);
    recorder.subscription.request(3);
    assertInstanceOf(OutOfMemoryError.class, recorder.error);
    recorder.error = null;
    kept.forEach(Runnable::run);
    recorder.subscription.request(3);
    assertNull(recorder.error);
    assertEquals(0, recorder.pixels.size());
  }

  /** It hears no more, and neither is its exception lost. */
  @Test
  void whatASubscriberThrowsLeavesTheCall() {
    Recorder recorder =
        new Recorder() {
          @Override
          public void onNext(Pixel pixel) {
            throw new IllegalStateException("mine");
          }
        };
    pixels().publisher(Runnable::run).subscribe(recorder);
    var thrown = assertThrows(IllegalStateException.class, () -> recorder.subscription.request(1));
    assertEquals("mine", thrown.getMessage());
    recorder.subscription.request(1);
    assertEquals(1, recorder.ended.getCount());
  }

  @Test
  void errorsOfTheCallersCodeReachTheSubscriber() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    Recorder recorder = new Recorder();
    Sampler.of(MODEL, RandomWeights.of(MODEL, 1), 5)
        .conditions(
            i -> {
              if (calls.incrementAndGet() > 1) {
                throw new StackOverflowError("of the caller");
              }
              return ConditionValues.none();
            })
        .pixels()
        .publisher()
        .subscribe(recorder);
    recorder.subscription.request(1);
    assertTrue(recorder.ended.await(30, TimeUnit.SECONDS));
    assertInstanceOf(StackOverflowError.class, recorder.error);
  }
}
