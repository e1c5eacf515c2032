package io.weft.internal.step;

import io.weft.internal.thread.Interruption;
import io.weft.spec.Condition;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The caches of some images, and what computes the calls of a program on them. */
final class JvmStepSession implements StepSession {

  private final StepProgram program;
  private final SessionCaches caches;
  private final CallInterpreter interpreter;

  /** Large calls, for two threads; of a session that is for one, nothing. */
  private final @Nullable HelpedCalls helped;

  private final int[][] outputGroups;
  private final MapRun[][] outputs;

  /** The calls that serve nobody in these images. */
  private BitSet idle = new BitSet();

  /** Parameters of one image. */
  private final int stride;

  private JvmStepSession(
      StepProgram program,
      List<BoundGroup> groups,
      int images,
      Kernels kernels,
      @Nullable HalvedCalls halved) {
    this.program = program;
    this.caches = new SessionCaches(program, groups, images);
    CallTable calls = halved == null ? program.calls() : halved.table();
    this.interpreter = new CallInterpreter(caches, calls, kernels);
    this.helped =
        halved == null
            ? null
            : new HelpedCalls(
                program, halved, interpreter, new CallInterpreter(caches, calls, kernels));
    int channels = program.definition().image().channels();
    this.outputGroups = new int[channels][];
    this.outputs = new MapRun[channels][];
    this.stride = program.parameters();
    for (int c = 0; c < channels; c++) {
      outputGroups[c] = program.outputGroups(c).stream().mapToInt(g -> g).toArray();
      outputs[c] = program.outputs(c).toArray(MapRun[]::new);
    }
  }

  /** Returns a session for one thread. */
  static JvmStepSession alone(
      StepProgram program, List<BoundGroup> groups, int images, Kernels kernels) {
    return new JvmStepSession(program, groups, images, kernels, null);
  }

  /** Returns a session in whose large calls a second thread helps. */
  static JvmStepSession helped(
      StepProgram program,
      List<BoundGroup> groups,
      int images,
      Kernels kernels,
      HalvedCalls halved) {
    return new JvmStepSession(program, groups, images, kernels, halved);
  }

  @Override
  public int images() {
    return caches.images;
  }

  @Override
  public void give(int image, Condition condition, float[] feature) {
    int group = program.givenGroup(condition);
    int width = program.groups().get(group).width();
    int[] slots = program.givenSlots(group);
    if (feature.length != slots.length * width) {
      throw new IllegalArgumentException(
          "condition \""
              + condition.name()
              + "\" takes "
              + slots.length * width
              + " numbers, found "
              + feature.length);
    }
    for (int q = 0; q < slots.length; q++) {
      if (slots[q] != 0) {
        caches.put(group, slots[q], image, feature, q * width);
      }
    }
  }

  @Override
  public void know(BitSet steps) {
    idle = program.idleCalls(steps);
  }

  @Override
  public void compute(int step, float[] parameters) {
    Arithmetic.checkSubnormals();
    if (helped == null) {
      for (int call = program.firstCall(step); call < program.firstCall(step + 1); call++) {
        if (!idle.get(call)) {
          Interruption.check();
          interpreter.run(call);
        }
      }
    } else {
      helped.run(step, idle);
    }
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

  @Override
  public void write(int step, int image, float value) {
    int slot = program.drawnSlot(step);
    if (slot != 0) {
      caches.put(program.imageGroup(program.channel(step)), slot, image, value);
    }
  }

  @Override
  public void close() {
    // All else is on the Java heap.
    if (helped != null) {
      helped.dismiss();
    }
  }
}
