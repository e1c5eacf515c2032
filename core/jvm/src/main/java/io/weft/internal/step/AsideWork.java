package io.weft.internal.step;

import io.weft.internal.thread.Interruption;
import java.util.BitSet;

/**
 * How far the calls aside of some images are. One thread at a time makes them: who does sees to
 * that.
 */
final class AsideWork {

  private final AsideCalls calls;
  private BitSet idle = new BitSet();

  /** How many may be made, and what they read is there. */
  private volatile int released;

  private volatile int done;

  AsideWork(AsideCalls calls) {
    this.calls = calls;
  }

  /** Lets no more be made until others are released: who makes them ends with the one in hand. */
  void stop() {
    released = 0;
  }

  /** Lets those of other images be made. */
  void restart() {
    stop();
    done = 0;
  }

  /**
   * Lets those be made that may be once a step has begun.
   *
   * @param serveNobody the calls that are not made
   */
  void release(int step, BitSet serveNobody) {
    idle = serveNobody;
    released = calls.released(step);
  }

  /** Returns whether some may be made. */
  boolean isOpen() {
    return done < released;
  }

  /** Returns whether those are made that a step needs. */
  boolean isReadyFor(int step) {
    return done >= calls.needed(step);
  }

  /** Makes all that may be made, those too that may be in the meantime. */
  void run(CallInterpreter by) {
    while (isOpen()) {
      runNext(by);
    }
  }

  /**
   * Makes those that a step needs.
   *
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  void runFor(int step, CallInterpreter by) {
    while (!isReadyFor(step)) {
      Interruption.check();
      runNext(by);
    }
  }

  private void runNext(CallInterpreter by) {
    int next = done;
    int call = calls.number(next);
    if (!idle.get(call)) {
      by.run(call);
    }
    done = next + 1;
  }
}
