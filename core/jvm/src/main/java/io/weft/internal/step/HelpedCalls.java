package io.weft.internal.step;

import io.weft.internal.thread.Interruption;
import java.util.BitSet;

/**
 * The calls of a session in which a second thread helps: it makes the calls aside, and of the
 * others it computes half of the positions of each large one, or half of the columns of large
 * products. Which thread computes a number makes no difference to what comes out.
 *
 * <p>A thread that sleeps takes longer to come than a large call takes. So it is asked shortly
 * before the step that needs it, and waits for that without sleeping. If it does not come, this one
 * makes all calls.
 */
final class HelpedCalls {

  /** How long before it is needed it is asked, in nanoseconds: about what it takes to come. */
  private static final long AHEAD = 200_000;

  private final StepProgram program;
  private final AsideWork aside;
  private final HalvedCalls calls;
  private final CallInterpreter mine;
  private final CallInterpreter others;
  private final SecondHand hand;

  /** Whether it may be needed at any step. */
  private final boolean isAlwaysNeeded;

  private final Runnable makingAside = this::othersMakeAside;
  private final Runnable makingHalf = this::othersMakeHalf;

  /** What the last step without large calls took, in nanoseconds. */
  private long pace;

  /** The call that the second thread makes. */
  private int half;

  /**
   * Makes those of a session.
   *
   * @param mine what the session's thread computes with
   * @param others what the second one does
   * @param hand that second one
   */
  HelpedCalls(TwoThreads two, CallInterpreter mine, CallInterpreter others, SecondHand hand) {
    this.program = two.program();
    this.aside = new AsideWork(program.aside());
    this.calls = two.calls();
    this.mine = mine;
    this.others = others;
    this.hand = hand;
    this.isAlwaysNeeded = two.isAlwaysNeeded();
  }

  /** Computes the calls of a step, but for those that are idle. */
  void run(int step, BitSet idle) {
    long start = System.nanoTime();
    boolean done = false;
    try {
      if (isNeededSoon(step)) {
        hand.ask();
      }
      makeAside(step, idle);
      for (int call = program.firstOwnCall(step); call < program.firstCall(step + 1); call++) {
        if (!idle.get(call)) {
          Interruption.check();
          run(call);
        }
      }
      done = true;
    } finally {
      if (!done) {
        aside.stop();
      }
      if (!done || !isNeededSoon(step + 1)) {
        hand.dismiss();
      }
    }
    if (calls.distance(step) != 0) {
      pace = System.nanoTime() - start;
    }
  }

  /** Has calls aside begin, and waits for those that the others of this step read. */
  private void makeAside(int step, BitSet idle) {
    aside.release(step, idle);
    if (aside.isOpen()) {
      hand.begins(makingAside);
    }
    if (!aside.isReadyFor(step)) {
      hand.awaitUnless(() -> aside.isReadyFor(step) || Interruption.isDue());
      aside.runFor(step, mine);
    }
  }

  private boolean isNeededSoon(int step) {
    if (isAlwaysNeeded) {
      return step < program.steps();
    }
    int distance = calls.distance(step);
    return distance != HalvedCalls.NEVER && distance * pace <= AHEAD;
  }

  /** Lets the second thread go. When this returns it does nothing, and other images may begin. */
  void restart() {
    aside.stop();
    hand.dismiss();
    aside.restart();
  }

  private void othersMakeAside() {
    Arithmetic.checkSubnormals();
    aside.run(others);
  }

  private void othersMakeHalf() {
    Arithmetic.checkSubnormals();
    others.run(half);
  }

  private void run(int call) {
    if (calls.isHalved(call) && othersBeginSecondHalf(call)) {
      mine.run(calls.first(call));
      hand.await();
    } else {
      mine.run(call);
    }
  }

  private boolean othersBeginSecondHalf(int call) {
    half = calls.first(call) + 1;
    return hand.begins(makingHalf);
  }
}
