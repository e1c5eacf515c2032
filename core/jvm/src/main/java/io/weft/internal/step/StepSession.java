package io.weft.internal.step;

import io.weft.spec.Condition;
import java.util.BitSet;

/**
 * The caches of some images that are generated in lockstep. Give all conditions first; then, for
 * each step from 0 on, {@link #compute} and {@link #write} for every image. Not for use by several
 * threads at once.
 */
public interface StepSession extends AutoCloseable {

  /** Returns the number of images. */
  int images();

  /**
   * Gives an image's value of a condition.
   *
   * @param feature numbers in the order [row, column, map], one-hot for a class
   */
  void give(int image, Condition condition, float[] feature);

  /**
   * Says, before the first step, of which steps the values are known: nobody will look at the
   * parameters that {@link #compute} gives there, so that a session may leave out what serves
   * nothing else. Both are called for these steps all the same.
   *
   * @param steps those that take known values in every image
   */
  default void know(BitSet steps) {
    // Computing too much does no harm.
  }

  /**
   * Computes the distribution of the value that {@code step} draws.
   *
   * @param parameters takes [images, {@link StepProgram#parameters()}]; where the value's channel
   *     has fewer parameters, they are the first
   */
  void compute(int step, float[] parameters);

  /**
   * Sets the value of {@code step}.
   *
   * @param value the colour value, scaled to [-1, 1]
   */
  void write(int step, int image, float value);

  /** Releases what the session holds. */
  @Override
  void close();
}
