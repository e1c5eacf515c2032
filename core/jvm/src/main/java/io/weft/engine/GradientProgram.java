package io.weft.engine;

import io.weft.internal.Seam;
import io.weft.weight.WeightLayout;
import java.io.Serializable;
import java.util.Optional;
import java.util.Set;

/**
 * The gradients of a definition's loss, compiled. The weights are given, so that a gradient is a
 * pure function, which any process may compute, again or late. Each is computed on the thread that
 * asks for it, and has the same bits on any number of such threads. For several threads at once.
 */
@Seam
public interface GradientProgram extends AutoCloseable {

  /**
   * What does not change from step to step.
   *
   * @param precision what a gradient is computed in, checked for the device
   * @param frozen full names of parameters that have no gradient, and of statistics that stay
   */
  record Settings(Precision precision, Set<String> frozen) implements Serializable {
    /** Copies the names. */
    public Settings {
      frozen = Set.copyOf(frozen);
    }
  }

  /**
   * Which micro-batch of which step is asked for.
   *
   * @param number the step's number in its run, from 0
   * @param before the steps that the model had before, in all its runs
   * @param noiseSeed the seed of the run's noise (dropout)
   * @param order the number of the step's generation order among those of the definition
   * @param part the number of the micro-batch in its batch, from 0, which has noise of its own
   * @param images how many images the whole batch has
   */
  record Input(long number, long before, long noiseSeed, int order, int part, int images)
      implements Serializable {}

  /**
   * Takes the weights of a step.
   *
   * @param weights in the {@linkplain WeightLayout layout} of the definition; copied
   */
  Point at(float[] weights);

  /** The gradients where the weights have certain values. For several threads at once. */
  interface Point extends AutoCloseable {

    /** Returns the gradient of one micro-batch. */
    Gradient of(Batch micro, Input input);

    /**
     * Says where a micro-batch whose gradient is not finite went wrong: the first layer, in the
     * order of the graph, whose value is not finite, else the last parameter whose gradient is not;
     * nothing if all are finite.
     */
    Optional<String> diagnose(Batch micro, Input input);

    @Override
    void close();
  }

  @Override
  void close();
}
