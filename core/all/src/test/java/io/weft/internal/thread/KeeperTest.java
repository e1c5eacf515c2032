package io.weft.internal.thread;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is dear to make: kept while it is wanted, and closed under nobody. */
@Timeout(30)
class KeeperTest {

  private final List<String> closed = new CopyOnWriteArrayList<>();
  private final Keeper<String, StringBuilder> keeper =
      new Keeper<>(3, StringBuilder::new, value -> closed.add("" + value));

  private void use(String... keys) {
    for (String key : keys) {
      assertEquals(key, "" + keeper.get(key));
    }
  }

  @Test
  void theLastFewAreKept() {
    StringBuilder a = keeper.get("a");
    use("b", "c");
    assertSame(a, keeper.get("a"));
    assertEquals(List.of(), closed);
    use("d", "e");
    assertEquals(List.of("b", "c"), closed);
    assertEquals(3, keeper.size());
    assertSame(a, keeper.get("a"));
  }

  @Test
  void whatIsLentIsClosedWhenItIsGivenBack() {
    Lease<StringBuilder> first = keeper.lend("a");
    Lease<StringBuilder> second = keeper.lend("a");
    assertSame(first.value(), second.value());
    use("b", "c", "d");
    assertEquals(List.of(), closed);
    assertEquals("a", "" + first.value(), "it is not kept any more, and still lent");
    assertNotSame(first.value(), keeper.get("a"), "who wants it now gets another");
    assertEquals(List.of("b"), closed);
    first.close();
    first.close();
    assertEquals(List.of("b"), closed);
    second.close();
    assertEquals(List.of("b", "a"), closed);
    assertThrows(IllegalStateException.class, second::value);
  }

  @Test
  void whatIsLentOutlivesTheKeeper() {
    use("b");
    Lease<String> lease = keeper.lend("a").map(value -> value + "!");
    assertEquals("a!", lease.value());
    keeper.close();
    keeper.close();
    assertEquals(List.of("b"), closed);
    String message = assertThrows(IllegalStateException.class, lease::value).getMessage();
    assertTrue(message.contains("this model is closed"), message);
    assertThrows(IllegalStateException.class, () -> keeper.lend("b"));
    assertEquals(List.of("b"), closed);
    lease.close();
    assertEquals(List.of("b", "a"), closed);
  }

  @Test
  void whatIsMadeOfALeaseAndFailsGivesItBack() {
    assertThrows(
        ArithmeticException.class,
        () ->
            keeper
                .lend("a")
                .map(
                    value -> {
                      throw new ArithmeticException();
                    }));
    use("b", "c", "d");
    assertEquals(List.of("a"), closed);
  }

  @Test
  void whatCannotBeMadeIsTriedAgain() {
    AtomicInteger tries = new AtomicInteger();
    Keeper<String, String> failing =
        new Keeper<>(
            3,
            key -> {
              if (tries.incrementAndGet() == 1) {
                throw new ArithmeticException();
              }
              return key;
            });
    assertThrows(ArithmeticException.class, () -> failing.get("a"));
    assertEquals(0, failing.size());
    assertEquals("a", failing.get("a"));
    assertEquals("a", failing.get("a"));
    assertEquals(2, tries.get());
  }

  /** Makes "slow" when it is let, and all else at once. */
  private final class Slowly {
    final CountDownLatch begun = new CountDownLatch(1);
    final CountDownLatch let = new CountDownLatch(1);
    final AtomicInteger made = new AtomicInteger();
    final Keeper<String, String> keeper =
        new Keeper<>(
            3,
            key -> {
              if (key.equals("slow")) {
                begun.countDown();
                awaitLatch(let);
              }
              return key + made.incrementAndGet();
            },
            closed::add);
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whoWantsTheSameWaitsAndNobodyElse() throws Exception {
    Slowly slowly = new Slowly();
    var one = CompletableFuture.supplyAsync(() -> slowly.keeper.get("slow"));
    slowly.begun.await();
    var two = CompletableFuture.supplyAsync(() -> slowly.keeper.get("slow"));
    assertEquals("quick1", slowly.keeper.get("quick"));
    assertFalse(one.isDone() || two.isDone());
    slowly.let.countDown();
    assertEquals("slow2", one.get());
    assertEquals("slow2", two.get());
  }

  @Test
  void whatIsBeingMadeWhenTheKeeperClosesIsClosed() throws Exception {
    Slowly slowly = new Slowly();
    var lease = CompletableFuture.supplyAsync(() -> slowly.keeper.lend("slow"));
    slowly.begun.await();
    slowly.keeper.close();
    assertEquals(List.of(), closed);
    slowly.let.countDown();
    var failure = assertThrows(ExecutionException.class, lease::get);
    assertTrue(failure.getCause() instanceof IllegalStateException, "" + failure);
    assertEquals(List.of("slow1"), closed);
  }

  @Test
  void whoWaitsCanBeInterrupted() throws Exception {
    Slowly slowly = new Slowly();
    var one = CompletableFuture.supplyAsync(() -> slowly.keeper.get("slow"));
    slowly.begun.await();
    Thread.currentThread().interrupt();
    assertThrows(CancellationException.class, () -> slowly.keeper.lend("slow"));
    assertTrue(Thread.interrupted());
    slowly.let.countDown();
    assertEquals("slow1", one.get());
    slowly.keeper.close();
    assertEquals(List.of("slow1"), closed, "nobody holds it");
  }

  @Test
  void whatIsForgottenIsGivenBack() throws InterruptedException {
    assertEquals("a", "" + keeper.lend("a").value());
    use("b", "c", "d");
    while (closed.isEmpty()) {
      System.gc();
      Thread.sleep(20);
    }
    assertEquals(List.of("a"), closed);
  }
}
