package io.weft.engine;

import io.weft.internal.thread.ThreadLimit;
import java.util.OptionalInt;

/**
 * How many threads Weft computes with at once in this process, so that it leaves cores to others:
 * drawing, scoring, coding and training, by Java and by TensorFlow. One for each core, unless a
 * limit is set. A thread that waits for files, or calls listeners, is not counted.
 *
 * <p>What Java computes has the same bits on any number of threads, and so has training in
 * micro-batches; what TensorFlow computes otherwise may differ in the last bits.
 *
 * <p>TensorFlow has one set of threads for a whole process, as many as it first began with. A limit
 * that is set before anything uses TensorFlow holds. A later one is refused where TensorFlow is
 * used next, in a sentence, unless Java was started with the environment variable {@code
 * TF_OVERRIDE_GLOBAL_THREADPOOL=1}: then it holds for models that are trained, or first scored,
 * from now on.
 */
public final class Threads {

  private Threads() {}

  /**
   * Lets this process compute with at most so many threads at once, from now on.
   *
   * @param most at least 1
   * @throws IllegalArgumentException if it is below 1
   */
  public static void limit(int most) {
    if (most < 1) {
      throw new IllegalArgumentException(
          "Weft computes with at least 1 thread, found a limit of " + most);
    }
    ThreadLimit.set(most);
  }

  /** Lets this process compute with one thread for each core again. */
  public static void unlimited() {
    ThreadLimit.lift();
  }

  /** Returns the limit, if one is set. */
  public static OptionalInt limit() {
    return ThreadLimit.get();
  }
}
