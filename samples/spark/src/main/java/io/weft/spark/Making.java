package io.weft.spark;

import io.weft.internal.thread.Aside;
import java.util.function.Supplier;

/**
 * What a worker makes for all of its tasks: to its end, whatever becomes of the task that is first.
 * A worker that comes late loads TensorFlow for longer than others compute, so that Spark's
 * speculation ends its first tasks, and it would begin anew with each.
 */
final class Making {

  private Making() {}

  /** Returns what is made. */
  static <T> T of(Supplier<T> making) {
    return Aside.toItsEnd(making);
  }
}
