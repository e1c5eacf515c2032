package io.weft.internal.step;

import io.weft.internal.thread.Interruption;
import io.weft.spec.Condition;
import java.util.BitSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Some images that are drawn together on the JVM. */
final class JvmStepSession implements StepSession {

  private final StepProgram program;
  private final int images;
  private final int[][] outputGroups;
  private final MapRun[][] outputs;

  /** Parameters of one image. */
  private final int stride;

  private final Consumer<SessionWork> whenClosed;

  /** Nothing once this is closed: another session may go on with it. */
  private @Nullable SessionWork work;

  /** The calls that serve nobody in these images. */
  private BitSet idle = new BitSet();

  /**
   * Opens a session.
   *
   * @param work what nobody else uses
   * @param whenClosed takes it back, once
   */
  JvmStepSession(StepProgram program, SessionWork work, Consumer<SessionWork> whenClosed) {
    this.program = program;
    this.images = work.caches.images;
    this.work = work;
    this.whenClosed = whenClosed;
    int channels = program.definition().image().channels();
    this.outputGroups = new int[channels][];
    this.outputs = new MapRun[channels][];
    this.stride = program.parameters();
    for (int c = 0; c < channels; c++) {
      outputGroups[c] = program.outputGroups(c).stream().mapToInt(g -> g).toArray();
      outputs[c] = program.outputs(c).toArray(MapRun[]::new);
    }
  }

  private SessionWork work() {
    if (work == null) {
      throw new IllegalStateException("this session is closed");
    }
    return work;
  }

  @Override
  public int images() {
    return images;
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
        work().caches.put(group, slots[q], image, feature, q * width);
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
    SessionWork open = work();
    if (open.helped == null) {
      for (int call = program.firstCall(step); call < program.firstCall(step + 1); call++) {
        if (!idle.get(call)) {
          Interruption.check();
          open.interpreter.run(call);
        }
      }
    } else {
      open.helped.run(step, idle);
    }
    int channel = program.channel(step);
    int to = 0;
    for (MapRun run : outputs[channel]) {
      int group = outputGroups[channel][run.value()];
      Cache cache = open.caches.of(group);
      int slot = program.outputSlot(step, run.value());
      for (int b = 0; b < images; b++) {
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
      work().caches.put(program.imageGroup(program.channel(step)), slot, image, value);
    }
  }

  @Override
  public void close() {
    SessionWork mine = work;
    if (mine != null) {
      work = null;
      mine.rest();
      whenClosed.accept(mine);
    }
  }
}
