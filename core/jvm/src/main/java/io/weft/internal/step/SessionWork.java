package io.weft.internal.step;

import io.weft.internal.thread.Interruption;
import java.util.BitSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a session computes with: its caches, and what runs calls on them. To make it takes as long
 * as some pixels do, and Java some images to be quick in it; so the next session goes on with that
 * of one that is closed.
 */
final class SessionWork {

  final SessionCaches caches;
  private final StepProgram program;
  private final CallInterpreter interpreter;

  /** Large calls, for two threads; of a session that is for one, nothing. */
  private final @Nullable HelpedCalls helped;

  private final int[][] outputGroups;
  private final MapRun[][] outputs;

  /** Parameters of one image. */
  private final int stride;

  private SessionWork(
      SessionCaches caches, CallInterpreter interpreter, @Nullable HelpedCalls helped) {
    this.caches = caches;
    this.program = caches.program;
    this.interpreter = interpreter;
    this.helped = helped;
    int channels = program.definition().image().channels();
    this.outputGroups = new int[channels][];
    this.outputs = new MapRun[channels][];
    this.stride = program.parameters();
    for (int c = 0; c < channels; c++) {
      outputGroups[c] = program.outputGroups(c).stream().mapToInt(g -> g).toArray();
      outputs[c] = program.outputs(c).toArray(MapRun[]::new);
    }
  }

  /** Returns one for one thread. */
  static SessionWork alone(SessionCaches caches, Kernels kernels) {
    CallTable calls = caches.program.calls();
    return new SessionWork(
        caches, new CallInterpreter(caches, calls, kernels, matrix -> Optional.empty()), null);
  }

  /**
   * Returns one in which a second thread helps.
   *
   * @param caches of the program for two threads
   */
  static SessionWork helped(SessionCaches caches, TwoThreads two) {
    SecondHand hand = new SecondHand();
    Kernels kernels = two.kernels();
    CallTable calls = two.calls().table();
    CallInterpreter mine =
        new CallInterpreter(
            caches,
            calls,
            kernels,
            matrix -> SharedProduct.of(kernels, matrix, hand, two.largeProduct()));
    CallInterpreter others =
        new CallInterpreter(caches, calls, kernels, matrix -> Optional.empty());
    return new SessionWork(caches, mine, new HelpedCalls(two, mine, others, hand));
  }

  /** Returns whether a second thread helps. */
  boolean isHelped() {
    return helped != null;
  }

  /** Computes the calls of a step, but for those that are idle. */
  void run(int step, BitSet idle) {
    if (helped != null) {
      helped.run(step, idle);
      return;
    }
    for (int call = program.firstCall(step); call < program.firstCall(step + 1); call++) {
      if (!idle.get(call)) {
        Interruption.check();
        interpreter.run(call);
      }
    }
  }

  /** Copies what a step has computed, the parameters of one image after those of the other. */
  void read(int step, float[] parameters) {
    int channel = program.channel(step);
    int to = 0;
    for (MapRun run : outputs[channel]) {
      int group = outputGroups[channel][run.value()];
      Cache cache = caches.of(group);
      int slot = program.outputSlot(step, run.value());
      for (int b = 0; b < caches.images; b++) {
        int from = cache.at(slot, b) + run.from();
        System.arraycopy(cache.numbers, from, parameters, b * stride + to, run.length());
      }
      to += run.length();
    }
  }

  /** Lets a second thread go, if there is one, and is ready for other images. */
  void rest() {
    if (helped != null) {
      helped.restart();
    }
  }
}
