package io.weft.internal.thread;

import java.util.OptionalInt;

/** How many threads this process computes with at most; see {@code io.weft.engine.Threads}. */
public final class ThreadLimit {

  private static final int NONE = Integer.MAX_VALUE;

  private static volatile int most = NONE;

  private ThreadLimit() {}

  /** Sets the limit, at least 1. */
  public static void set(int threads) {
    most = threads;
  }

  /** Lifts the limit. */
  public static void lift() {
    most = NONE;
  }

  /** Returns the limit, if there is one. */
  public static OptionalInt get() {
    int now = most;
    return now == NONE ? OptionalInt.empty() : OptionalInt.of(now);
  }

  /** Returns so many threads, or the limit if that is fewer. */
  public static int atMost(int threads) {
    return Math.min(threads, most);
  }

  /** Returns how many threads there are for work that has as many as it likes. */
  public static int all() {
    return atMost(Runtime.getRuntime().availableProcessors());
  }
}
