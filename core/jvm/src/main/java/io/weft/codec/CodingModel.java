package io.weft.codec;

import io.weft.define.Definition;
import io.weft.internal.step.JvmLoops;
import io.weft.internal.step.JvmStepExecutor;
import io.weft.internal.step.StepProgram;
import io.weft.memory.MemoryNeed;
import io.weft.weight.Weights;
import java.util.concurrent.ForkJoinPool;
import org.jspecify.annotations.Nullable;

/** A model under one order with the weights of one moment; compiled when first needed. */
final class CodingModel {

  private final Definition definition;
  private final Weights weights;
  private final JvmLoops loops;
  private @Nullable JvmStepExecutor encoding;
  private @Nullable JvmStepExecutor decoding;
  private @Nullable Long fingerprint;

  /**
   * Makes one.
   *
   * @param loops what computes; the bits are the same in all
   */
  CodingModel(Definition definition, Weights weights, JvmLoops loops) {
    this.definition = definition;
    this.weights = weights;
    this.loops = loops;
  }

  Definition definition() {
    return definition;
  }

  Weights weights() {
    return weights;
  }

  JvmLoops loops() {
    return loops;
  }

  /** Returns what finds the distributions of values that are known. */
  synchronized JvmStepExecutor encoding() {
    JvmStepExecutor bound = encoding;
    if (bound == null) {
      bound = bind(StepProgram.knowing(definition, JvmStepExecutor.KNOWN_AT_ONCE));
      encoding = bound;
    }
    return bound;
  }

  /** Returns what finds the distribution of one value after the other. */
  synchronized JvmStepExecutor decoding() {
    JvmStepExecutor bound = decoding;
    if (bound == null) {
      bound = bind(StepProgram.of(definition));
      decoding = bound;
    }
    return bound;
  }

  private JvmStepExecutor bind(StepProgram program) {
    return JvmStepExecutor.bind(program, weights, loops);
  }

  synchronized long fingerprint() {
    Long known = fingerprint;
    if (known == null) {
      known = Fingerprint.of(definition, weights);
      fingerprint = known;
    }
    return known;
  }

  /**
   * Returns how many blocks are decoded at once: one for each thread, as far as there is memory.
   *
   * @param most how many there are, at least 1
   * @param images of the largest
   * @throws io.weft.memory.MemoryException if there is not enough for one
   */
  int blocksAtOnce(int most, int images) {
    MemoryNeed need = MemoryNeed.ofDrawing(decoding().program());
    need.check(images);
    int threads = Math.min(most, ForkJoinPool.commonPool().getParallelism() + 1);
    return Math.max(1, need.atMost(threads * images) / images);
  }
}
