package io.weft.internal.thread;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SecondThreadTest {

  @BeforeEach
  void thereIsOne() {
    assumeTrue(Together.helpers() > 0, "there is one thread");
  }

  /** It leaves where it is not needed soon; then another is asked. */
  private static SecondThread thatBegins(Runnable piece) {
    while (true) {
      SecondThread second = SecondThread.asked();
      while (!second.hasLeft()) {
        if (second.begins(piece)) {
          return second;
        }
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void doesThePiecesThatItIsGiven() {
    List<Integer> done = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    SecondThread second =
        thatBegins(
            () -> {
              done.add(1);
              threads.add(Thread.currentThread());
            });
    second.await();
    List<Integer> expected = new ArrayList<>(List.of(1));
    for (int i = 2; i < 100; i++) {
      int piece = i;
      if (second.begins(() -> done.add(piece))) {
        second.await();
        expected.add(piece);
      }
    }
    second.dismiss();
    assertEquals(expected, done);
    assertNotSame(Thread.currentThread(), threads.get(0));
    assertFalse(second.begins(() -> {}));
  }

  @Test
  void throwsWhatItsWorkThrows() {
    SecondThread second =
        thatBegins(
            () -> {
              throw new IllegalArgumentException("piece 7");
            });
    var thrown = assertThrows(IllegalArgumentException.class, second::await);
    assertEquals("piece 7", thrown.getMessage());
    second.dismiss();
    assertFalse(second.begins(() -> {}));
  }

  @Test
  void doesNoWorkOnceItIsDismissed() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    List<Integer> done = new ArrayList<>();
    SecondThread second =
        thatBegins(
            () -> {
              begun.countDown();
              LockSupport.parkNanos(50_000_000);
              done.add(1);
            });
    begun.await();
    second.dismiss();
    assertEquals(List.of(1), done);
  }

  /** Who needs some of a piece need not wait for the rest of it. */
  @Test
  void isNotWaitedForOnceEnoughIsDone() {
    CountDownLatch rest = new CountDownLatch(1);
    AtomicBoolean some = new AtomicBoolean();
    SecondThread second =
        thatBegins(
            () -> {
              some.set(true);
              awaitUninterruptibly(rest);
            });
    second.awaitUnless(some::get);
    assertTrue(some.get());
    assertFalse(second.begins(() -> {}));
    rest.countDown();
    second.dismiss();
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    while (latch.getCount() > 0) {
      Thread.onSpinWait();
    }
  }

  /** Who waits for nobody may keep it asked: it gives its thread back. */
  @Test
  void leavesWhenNothingComes() {
    SecondThread second = thatBegins(() -> {});
    second.await();
    while (!second.hasLeft()) {
      Thread.onSpinWait();
    }
    assertFalse(second.begins(() -> {}));
    second.dismiss();
  }
}
