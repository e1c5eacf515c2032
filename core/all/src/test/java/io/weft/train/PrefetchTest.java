package io.weft.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class PrefetchTest {

  private final List<Long> made = new CopyOnWriteArrayList<>();
  private final AtomicReference<Thread> maker = new AtomicReference<>();

  private Long make(long number) {
    maker.set(Thread.currentThread());
    made.add(number);
    return number;
  }

  private Prefetch<Long> until(long end) {
    return new Prefetch<>(this::make, end);
  }

  @Test
  void takesInOrderAndMakesNoneBeyondTheEnd() throws InterruptedException {
    try (Prefetch<Long> prefetch = until(8)) {
      for (long number = 5; number < 8; number++) {
        assertEquals(number, prefetch.take(number));
      }
      assertEquals(List.of(5L, 6L, 7L), made);
      assertTrue(maker.get().isDaemon());
      assertEquals(Prefetch.THREAD, maker.get().getName());
    }
    maker.get().join();
  }

  @Test
  void makesTheNextWhileTheCallerWorks() throws InterruptedException {
    CountDownLatch next = new CountDownLatch(1);
    var prefetch =
        new Prefetch<Long>(
            number -> {
              if (number == 1) {
                next.countDown();
              }
              return number;
            },
            10);
    try (prefetch) {
      prefetch.take(0);
      next.await();
    }
  }

  @Test
  void closingEndsTheThread() throws InterruptedException {
    Prefetch<Long> prefetch = until(10);
    prefetch.take(0);
    prefetch.close();
    assertEquals(List.of(0L, 1L), made);
    maker.get().join();
  }

  @Test
  void closingWaitsForWhatIsBeingMade() {
    CountDownLatch begun = new CountDownLatch(1);
    CompletableFuture<Void> go = new CompletableFuture<>();
    var prefetch =
        new Prefetch<Long>(
            number -> {
              if (number == 1) {
                begun.countDown();
                go.join();
              }
              return number;
            },
            10);
    prefetch.take(0);
    CompletableFuture<Void> closed =
        CompletableFuture.runAsync(
            () -> {
              awaitUninterrupted(begun);
              prefetch.close();
            });
    awaitUninterrupted(begun);
    assertFalse(closed.isDone());
    go.complete(null);
    closed.join();
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aFailureReachesItsOwnNumberAndCanBeTriedAgain() {
    var failure = new IllegalStateException("no such label");
    var failures = new CopyOnWriteArrayList<>(List.of(failure));
    var prefetch =
        new Prefetch<Long>(
            number -> {
              if (number == 1 && !failures.isEmpty()) {
                throw failures.remove(0);
              }
              return number;
            },
            10);
    try (prefetch) {
      assertEquals(0, prefetch.take(0));
      assertSame(failure, assertThrows(IllegalStateException.class, () -> prefetch.take(1)));
      assertEquals(1, prefetch.take(1));
    }
  }

  @Test
  void aFailureThatNobodyAskedForIsForgotten() {
    var prefetch =
        new Prefetch<Long>(
            number -> {
              if (number == 1) {
                throw new OutOfMemoryError("made up");
              }
              return number;
            },
            10);
    prefetch.take(0);
    prefetch.close();
  }

  @Test
  void anErrorStaysAnError() {
    var prefetch =
        new Prefetch<Long>(
            number -> {
              throw new OutOfMemoryError("made up");
            },
            10);
    try (prefetch) {
      assertThrows(OutOfMemoryError.class, () -> prefetch.take(0));
    }
  }

  @Test
  void whoIsInterruptedDoesNotWaitAndWhatIsMadeIsNotLost() {
    CountDownLatch go = new CountDownLatch(1);
    var prefetch =
        new Prefetch<Long>(
            number -> {
              awaitUninterrupted(go);
              return make(number);
            },
            1);
    try (prefetch) {
      Thread.currentThread().interrupt();
      assertThrows(CancellationException.class, () -> prefetch.take(0));
      assertTrue(Thread.interrupted());
      go.countDown();
      assertEquals(0, prefetch.take(0));
      assertEquals(List.of(0L), made);
    }
  }

  @Test
  void whatIsMadeCannotClose() {
    AtomicReference<Prefetch<Long>> self = new AtomicReference<>();
    var prefetch =
        new Prefetch<Long>(
            number -> {
              self.get().close();
              return number;
            },
            10);
    self.set(prefetch);
    try (prefetch) {
      assertThrows(IllegalStateException.class, () -> prefetch.take(0));
    }
  }
}
