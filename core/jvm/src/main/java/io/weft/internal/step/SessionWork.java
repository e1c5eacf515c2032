package io.weft.internal.step;

import org.jspecify.annotations.Nullable;

/**
 * What a session computes with: its caches, and what runs calls on them. To make it takes as long
 * as some pixels do, and Java some images to be quick in it; so the next session goes on with that
 * of one that is closed.
 */
final class SessionWork {

  final SessionCaches caches;
  final CallInterpreter interpreter;

  /** Large calls, for two threads; of a session that is for one, nothing. */
  final @Nullable HelpedCalls helped;

  private SessionWork(
      SessionCaches caches, CallInterpreter interpreter, @Nullable HelpedCalls helped) {
    this.caches = caches;
    this.interpreter = interpreter;
    this.helped = helped;
  }

  /** Returns one for one thread. */
  static SessionWork alone(SessionCaches caches, Kernels kernels) {
    var interpreter = new CallInterpreter(caches, caches.program.calls(), kernels);
    return new SessionWork(caches, interpreter, null);
  }

  /** Returns one in whose large calls a second thread helps. */
  static SessionWork helped(SessionCaches caches, Kernels kernels, HalvedCalls halved) {
    var mine = new CallInterpreter(caches, halved.table(), kernels);
    var others = new CallInterpreter(caches, halved.table(), kernels);
    return new SessionWork(caches, mine, new HelpedCalls(caches.program, halved, mine, others));
  }

  /** Lets a second thread go, if there is one. */
  void rest() {
    if (helped != null) {
      helped.dismiss();
    }
  }
}
