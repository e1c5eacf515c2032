package io.weft.internal.step;

import io.weft.spec.Condition;
import java.util.BitSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Some images that are drawn together on the JVM. */
final class JvmStepSession implements StepSession {

  private final StepProgram program;
  private final int images;
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
  JvmStepSession(SessionWork work, Consumer<SessionWork> whenClosed) {
    this.program = work.caches.program;
    this.images = work.caches.images;
    this.work = work;
    this.whenClosed = whenClosed;
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
    open.run(step, idle);
    open.read(step, parameters);
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
