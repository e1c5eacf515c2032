package io.weft.internal.step;

import io.weft.internal.thread.Interruption;
import io.weft.internal.thread.SecondThread;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * The calls of a session in which a second thread helps: it computes half of the positions of each
 * large call. Which thread computes a position makes no difference to what comes out.
 *
 * <p>A thread that sleeps takes longer to come than a large call takes. So it is asked shortly
 * before the step that needs it, and waits for that without sleeping.
 */
final class HelpedCalls {

  /** How long before it is needed it is asked, in nanoseconds: about what it takes to come. */
  private static final long AHEAD = 200_000;

  private static final int NEVER = Integer.MAX_VALUE;

  private final StepProgram program;
  private final HalvedCalls calls;
  private final CallInterpreter mine;
  private final CallInterpreter others;

  /** Of each step how many steps later, or now, there is a large call. */
  private final int[] distances;

  /** What the last step without large calls took, in nanoseconds. */
  private long pace;

  private @Nullable SecondThread second;

  /**
   * Makes those of a session.
   *
   * @param mine what the session's thread computes with
   * @param others what the second one does
   */
  HelpedCalls(
      StepProgram program, HalvedCalls calls, CallInterpreter mine, CallInterpreter others) {
    this.program = program;
    this.calls = calls;
    this.mine = mine;
    this.others = others;
    this.distances = distances();
  }

  private int[] distances() {
    int[] distances = new int[program.steps() + 1];
    distances[program.steps()] = NEVER;
    for (int step = program.steps() - 1; step >= 0; step--) {
      int after = distances[step + 1];
      distances[step] = hasLarge(step) ? 0 : after == NEVER ? NEVER : after + 1;
    }
    return distances;
  }

  private boolean hasLarge(int step) {
    for (int call = program.firstCall(step); call < program.firstCall(step + 1); call++) {
      if (calls.isHalved(call)) {
        return true;
      }
    }
    return false;
  }

  /** Computes the calls of a step, but for those that are idle. */
  void run(int step, BitSet idle) {
    long start = System.nanoTime();
    boolean done = false;
    try {
      if (isNeededSoon(step)) {
        ask();
      }
      for (int call = program.firstCall(step); call < program.firstCall(step + 1); call++) {
        if (!idle.get(call)) {
          Interruption.check();
          run(call);
        }
      }
      done = true;
    } finally {
      if (!done || !isNeededSoon(step + 1)) {
        dismiss();
      }
    }
    if (distances[step] != 0) {
      pace = System.nanoTime() - start;
    }
  }

  private boolean isNeededSoon(int step) {
    return distances[step] != NEVER && distances[step] * pace <= AHEAD;
  }

  private void ask() {
    if (second == null || second.hasLeft()) {
      second = SecondThread.asked(this::second);
    }
  }

  /** Lets the second thread go. When this returns it does nothing. */
  void dismiss() {
    if (second != null) {
      second.dismiss();
      second = null;
    }
  }

  private void second(int call) {
    Arithmetic.checkSubnormals();
    others.run(call);
  }

  private void run(int call) {
    if (second != null && calls.isHalved(call) && second.begins(calls.first(call) + 1)) {
      mine.run(calls.first(call));
      second.await();
    } else {
      mine.run(call);
    }
  }
}
