package io.weft.engine;

import io.weft.internal.Seam;
import io.weft.weight.Weights;

/**
 * A definition compiled for scoring under some generation orders: images and conditions in,
 * log-likelihoods out. Threads may score side by side, but not while another one replaces the
 * weights.
 */
@Seam
public interface Scoring extends AutoCloseable {

  /**
   * Replaces the weights. Not while another thread scores.
   *
   * @throws IllegalArgumentException if they are those of another definition; some may be replaced
   */
  void use(Weights weights);

  /**
   * Returns the log-likelihood of every colour value of a batch, in nats, [image, row, column,
   * channel]. What is not finite is given as it is found.
   *
   * @param order the number of the generation order
   */
  float[] logLikelihoods(Batch batch, int order);

  /** Frees what was compiled, when the last call that is under way ends. */
  @Override
  void close();
}
