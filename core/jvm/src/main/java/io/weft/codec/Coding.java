package io.weft.codec;

import io.weft.define.Definition;
import io.weft.internal.memory.MemoryNeed;
import io.weft.internal.step.JvmLoops;
import io.weft.internal.step.JvmStepExecutor;
import io.weft.internal.step.StepProgram;
import io.weft.internal.thread.ThreadLimit;
import io.weft.order.GenerationOrder;
import io.weft.weight.Weights;
import org.jspecify.annotations.Nullable;

/** How images of one size are coded under a model; compiled when first needed. */
final class Coding {

  private final Definition ofTile;
  private final Tiles tiles;

  private final Weights weights;
  private final JvmLoops loops;
  private @Nullable GenerationOrder order;
  private @Nullable JvmStepExecutor encoding;
  private @Nullable JvmStepExecutor decoding;

  /**
   * Makes one.
   *
   * @param ofTile the model of each tile
   * @param loops what computes; the bits are the same in all
   */
  Coding(Definition ofTile, Tiles tiles, Weights weights, JvmLoops loops) {
    this.ofTile = ofTile;
    this.tiles = tiles;

    this.weights = weights;
    this.loops = loops;
  }

  Tiles tiles() {
    return tiles;
  }

  /** Returns the order in which pixels are coded. */
  synchronized GenerationOrder order() {
    GenerationOrder known = order;
    if (known == null) {
      known = tiles.order(ofTile.order());
      order = known;
    }
    return known;
  }

  /** Returns what finds the distributions of values that are known. */
  synchronized JvmStepExecutor encoding() {
    JvmStepExecutor bound = encoding;
    if (bound == null) {
      bound = bind(StepProgram.knowing(ofTile, JvmStepExecutor.KNOWN_AT_ONCE));
      encoding = bound;
    }
    return bound;
  }

  /** Returns what finds the distribution of one value after the other. */
  synchronized JvmStepExecutor decoding() {
    JvmStepExecutor bound = decoding;
    if (bound == null) {
      bound = bind(StepProgram.of(ofTile));
      decoding = bound;
    }
    return bound;
  }

  private JvmStepExecutor bind(StepProgram program) {
    return JvmStepExecutor.bind(program, weights, loops);
  }

  /**
   * Checks that there is memory for a block.
   *
   * @param executor what works
   * @throws io.weft.memory.MemoryException if there is not
   */
  void checkMemory(JvmStepExecutor executor, int images) {
    MemoryNeed.ofCoding(executor.program(), tiles.image()).check(images);
  }

  /**
   * Returns how many blocks are coded or decoded at once: one for each thread, as far as there is
   * memory.
   *
   * @param executor what works
   * @param most how many there are, at least 1
   * @param images of the largest
   */
  int blocksAtOnce(JvmStepExecutor executor, int most, int images) {
    MemoryNeed need = MemoryNeed.ofCoding(executor.program(), tiles.image());
    int threads = Math.min(most, ThreadLimit.all());
    return Math.max(1, need.atMost(threads * images) / images);
  }
}
