package io.weft.internal.optimise;

import io.weft.expression.Parameter;
import io.weft.optimise.Adam;
import io.weft.optimise.AdamW;
import io.weft.optimise.Optimiser;
import io.weft.optimise.RmsProp;
import java.util.Map;

/**
 * An optimiser in Java, in double between what is kept in float: plain arithmetic and roots, and so
 * the same bits on every machine.
 */
public interface OptimiserRule {

  /**
   * So many weights are changed at a time, in passes: Java computes a pass over doubles alone in
   * vectors, to the same bits, and roots and quotients then take a quarter of the time; not one
   * that also turns floats into doubles.
   */
  int BLOCK = 512;

  /** Returns the rule of an optimiser. */
  static OptimiserRule of(Optimiser optimiser) {
    return optimiser.match(
        new Optimiser.Cases<>() {
          @Override
          public OptimiserRule adam(Adam adam) {
            return new AdamRule(adam, 0);
          }

          @Override
          public OptimiserRule adamW(AdamW adamW) {
            return new AdamRule(adamW.adam(), adamW.decay());
          }

          @Override
          public OptimiserRule rmsProp(RmsProp rmsProp) {
            return new RmsPropRule(rmsProp);
          }
        });
  }

  /**
   * Returns what a step does.
   *
   * @param rate the learning rate
   * @param number how many steps have led to what is kept, from 0
   */
  Step step(double rate, long number);

  /** A step of some weights; those of one step may be changed side by side. */
  @FunctionalInterface
  interface Step {
    /**
     * Changes weights, and what is kept of them.
     *
     * @param parameter whose weights they are
     * @param slots what the optimiser keeps, by name, each in the layout of the weights
     * @param gradient in the layout of the weights
     * @param from the first weight that is changed
     * @param to the first after it that is not
     */
    void take(
        Parameter parameter,
        float[] weights,
        Map<String, float[]> slots,
        float[] gradient,
        int from,
        int to);
  }

  /** Returns a number that is added to a root: above 0 in float32 too, so that 0 / it is 0. */
  static double epsilon(double epsilon) {
    return Math.max(Float.MIN_NORMAL, (float) epsilon);
  }
}
