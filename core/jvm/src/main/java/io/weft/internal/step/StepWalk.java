package io.weft.internal.step;

import io.weft.internal.thread.Interruption;
import io.weft.spec.Condition;
import io.weft.spec.ImageSpec;
import java.util.Arrays;

/**
 * Some images that are taken through all steps of a program, in lockstep. Either each value is
 * chosen by somebody who sees its distribution, or all are known and somebody looks at their
 * distributions. Not for use by several threads at once.
 */
public final class StepWalk implements AutoCloseable {

  /** Chooses values. */
  @FunctionalInterface
  public interface Chooser {
    /**
     * Returns the level that a value takes.
     *
     * @param image which of the images, from 0
     * @param value the value's place in its image: row by row, pixel by pixel, then by channel
     * @param logits of its levels, level 0 first; valid until this returns. None is a number where
     *     a parameter of the distribution is none
     */
    int level(int image, int value, float[] logits);
  }

  /** Images whose values are known. */
  @FunctionalInterface
  public interface Known {
    /** Returns the level that a value has. */
    int level(int image, int value);
  }

  /** Looks at the distributions of known values. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * Takes note of a distribution.
     *
     * @param image which of the images, from 0
     * @param value the value's place in its image, as above
     * @param logits as above
     */
    void visit(int image, int value, float[] logits);
  }

  /** The values of conditions. */
  @FunctionalInterface
  public interface Given {
    /** Returns the feature [row, column, map] of an image for a condition. */
    float[] feature(int image, Condition condition);
  }

  private final StepProgram program;
  private final ImageSpec image;
  private final StepSession session;
  private final ValueLogits values;
  private final float[] parameters;
  private final float[] nothing;
  private int step;

  private StepWalk(JvmStepExecutor executor, StepSession session) {
    int images = session.images();
    this.program = executor.program();
    this.image = program.definition().image();
    this.session = session;
    this.values = new ValueLogits(program.definition().distribution(), image, executor.loops());
    this.parameters = new float[images * program.parameters()];
    this.nothing = new float[image.levels()];
    Arrays.fill(nothing, Float.NaN);
  }

  /**
   * Returns images before the first step, whose conditions are to be {@linkplain #give given}.
   *
   * @param images how many, at least 1
   */
  public static StepWalk of(JvmStepExecutor executor, int images) {
    return new StepWalk(executor, executor.openHelped(images));
  }

  /** Gives every image its conditions. */
  public void give(Given given) {
    for (Condition condition : program.definition().conditions()) {
      for (int i = 0; i < images(); i++) {
        session.give(i, condition, given.feature(i, condition));
      }
    }
  }

  /** Returns the number of images. */
  public int images() {
    return session.images();
  }

  /** Returns whether all values are chosen. */
  public boolean isDone() {
    return step == program.steps();
  }

  /**
   * Returns which value of every image is next: its place, as {@link Chooser} has it. There must be
   * one.
   */
  public int value() {
    return value(step);
  }

  /**
   * Has the next value of every image chosen, in the order of the images. With the last value this
   * is closed.
   *
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  public void advance(Chooser chooser) {
    compute();
    for (int i = 0; i < images(); i++) {
      int level = chooser.level(i, value(), logits(i));
      session.write(step, i, image.scaled(level));
    }
    step++;
    if (isDone()) {
      close();
    }
  }

  /**
   * Looks at the distributions of all values of known images.
   *
   * @param executor of a program for {@linkplain StepProgram#knowing known values}, which is the
   *     quickest for this, or of any that draws
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  public static void visit(
      JvmStepExecutor executor, int images, Given given, Known known, Visitor visitor) {
    try (StepWalk walk = new StepWalk(executor, executor.open(images))) {
      walk.give(given);
      walk.visit(known, visitor);
    }
  }

  private void visit(Known known, Visitor visitor) {
    int written = 0;
    for (; step < program.steps(); step++) {
      for (; written < program.valuesBefore(step); written++) {
        for (int i = 0; i < images(); i++) {
          session.write(written, i, image.scaled(known.level(i, value(written))));
        }
      }
      compute();
      for (int i = 0; i < images(); i++) {
        visitor.visit(i, value(), logits(i));
      }
    }
  }

  /** Lets others go on with what this computes with. */
  @Override
  public void close() {
    session.close();
  }

  private void compute() {
    Interruption.check();
    session.compute(step, parameters);
  }

  private int value(int ofStep) {
    return program.position(ofStep) * image.channels() + program.channel(ofStep);
  }

  private float[] logits(int of) {
    int offset = of * program.parameters();
    int channel = program.channel(step);
    return values.firstNotFinite(parameters, offset, channel) == ValueLogits.ALL_FINITE
        ? values.of(parameters, offset, channel)
        : nothing;
  }
}
