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

  /** The distance of what is never reached. */
  static final int NEVER = Integer.MAX_VALUE;

  private static final int WHOLE = -1;

  private final CallTable table;

  /** Of each call the first of its halves, or {@link #WHOLE}. */
  private final int[] halves;

  /** Of each step, and what comes after the last one, how many steps later there are halves. */
  private final int[] distances;

  private HalvedCalls(StepProgram program, CallTable table, int[] halves) {
    this.table = table;
    this.halves = halves;
    this.distances = distances(program);
  }

  /**
   * Halves the calls of a program.
   *
   * @param isLarge which of those of two or more positions that are not made aside
   */
  static HalvedCalls of(StepProgram program, IntPredicate isLarge) {
    CallTable calls = program.calls();
    List<Integer> large =
        IntStream.range(0, program.steps())
            .flatMap(s -> IntStream.range(program.firstOwnCall(s), program.firstCall(s + 1)))
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
    return new HalvedCalls(program, calls.withHalves(large), halves);
  }

  private int[] distances(StepProgram program) {
    int[] distances = new int[program.steps() + 1];
    distances[program.steps()] = NEVER;
    for (int step = program.steps() - 1; step >= 0; step--) {
      boolean isHere =
          IntStream.range(program.firstCall(step), program.firstCall(step + 1))
              .anyMatch(this::isHalved);
      int after = distances[step + 1];
      distances[step] = isHere ? 0 : after == NEVER ? NEVER : after + 1;
    }
    return distances;
  }

  /** Returns whether no call has halves. */
  boolean isEmpty() {
    return distances[0] == NEVER;
  }

  /**
   * Returns how many steps after one there is a call that has halves: 0 if in that step, {@link
   * #NEVER} if in none that comes.
   *
   * @param step at most the number of steps, after the last of which nothing comes
   */
  int distance(int step) {
    return distances[step];
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
