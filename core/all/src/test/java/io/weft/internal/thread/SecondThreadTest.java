package io.weft.internal.thread;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
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
  private static SecondThread thatBegins(IntConsumer work, int piece) {
    while (true) {
      SecondThread second = SecondThread.asked(work);
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
            piece -> {
              done.add(piece);
              threads.add(Thread.currentThread());
            },
            1);
    second.await();
    List<Integer> expected = new ArrayList<>(List.of(1));
    for (int piece = 2; piece < 100; piece++) {
      if (second.begins(piece)) {
        second.await();
        expected.add(piece);
      }
    }
    second.dismiss();
    assertEquals(expected, done);
    assertNotSame(Thread.currentThread(), threads.get(0));
    assertFalse(second.begins(100));
  }

  @Test
  void throwsWhatItsWorkThrows() {
    SecondThread second =
        thatBegins(
            piece -> {
              throw new IllegalArgumentException("piece " + piece);
            },
            7);
    var thrown = assertThrows(IllegalArgumentException.class, second::await);
    assertEquals("piece 7", thrown.getMessage());
    second.dismiss();
    assertFalse(second.begins(8));
  }

  @Test
  void doesNoWorkOnceItIsDismissed() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    List<Integer> done = new ArrayList<>();
    SecondThread second =
        thatBegins(
            piece -> {
              begun.countDown();
              LockSupport.parkNanos(50_000_000);
              done.add(piece);
            },
            1);
    begun.await();
    second.dismiss();
    assertEquals(List.of(1), done);
  }

  /** Who waits for nobody may keep it asked: it gives its thread back. */
  @Test
  void leavesWhenNothingComes() {
    SecondThread second = thatBegins(piece -> {}, 1);
    second.await();
    while (!second.hasLeft()) {
      Thread.onSpinWait();
    }
    assertFalse(second.begins(2));
    second.dismiss();
  }
}
