package io.weft.spark;

import io.weft.train.GradientTree;

/**
 * How the micro-batches of a step are dealt out: each task takes those of one node of the {@link
 * GradientTree}, and gives their sum. All nodes are of one level, so that the sums are those of one
 * process, however many tasks there are.
 *
 * @param count how many micro-batches there are
 * @param level tasks take 2^level of them each, the last one what is left
 */
record SubTrees(int count, int level) {

  /**
   * Returns those that are done the soonest.
   *
   * @param slots how many tasks run at a time
   */
  static SubTrees of(int count, int slots) {
    int best = 0;
    for (int level = 1; 1 << (level - 1) < count; level++) {
      if (time(count, level, slots) <= time(count, best, slots)) {
        best = level;
      }
    }
    return new SubTrees(count, best);
  }

  /** In micro-batches that follow each other. */
  private static long time(int count, int level, int slots) {
    long rounds = (new SubTrees(count, level).tasks() + slots - 1L) / slots;
    return rounds << level;
  }

  /** Returns how many tasks there are. */
  int tasks() {
    return (int) ((count + (1L << level) - 1) >> level);
  }

  /** Returns the first micro-batch of a task. */
  int from(int task) {
    return task << level;
  }

  /** Returns the first micro-batch that is no longer a task's. */
  int to(int task) {
    return (int) Math.min((task + 1L) << level, count);
  }
}
