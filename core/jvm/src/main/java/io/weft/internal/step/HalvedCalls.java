package io.weft.internal.step;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * The calls of a program, of which the large ones are there in halves too: for two threads, each of
 * which computes one.
 */
final class HalvedCalls {

  private static final int WHOLE = -1;

  private final CallTable table;

  /** Of each call the first of its halves, or {@link #WHOLE}. */
  private final int[] halves;

  private HalvedCalls(CallTable table, int[] halves) {
    this.table = table;
    this.halves = halves;
  }

  /**
   * Halves the calls of a table.
   *
   * @param isLarge which of those of two or more positions
   */
  static HalvedCalls of(CallTable calls, IntPredicate isLarge) {
    List<Integer> large =
        IntStream.range(0, calls.count())
            .filter(call -> calls.size(call) > 1 && isLarge.test(call))
            .boxed()
            .toList();
    int[] halves = new int[calls.count()];
    Arrays.fill(halves, WHOLE);
    int next = calls.count();
    for (int call : large) {
      halves[call] = next;
      next += 2;
    }
    return new HalvedCalls(calls.withHalves(large), halves);
  }

  /** Returns the calls as they were, and behind them all halves. */
  CallTable table() {
    return table;
  }

  /** Returns whether a call has halves. */
  boolean isHalved(int call) {
    return halves[call] != WHOLE;
  }

  /** Returns the first half of a call that has halves. The second follows. */
  int first(int call) {
    return halves[call];
  }
}
