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

  private final StepProgram program;
  private final HalvedCalls calls;
  private final CallInterpreter mine;
  private final CallInterpreter others;

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
    if (calls.distance(step) != 0) {
      pace = System.nanoTime() - start;
    }
  }

  private boolean isNeededSoon(int step) {
    int distance = calls.distance(step);
    return distance != HalvedCalls.NEVER && distance * pace <= AHEAD;
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
