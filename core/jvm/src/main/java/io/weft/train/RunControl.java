package io.weft.train;

import io.weft.data.Examples;
import io.weft.weight.Weights;
import java.util.List;

/** A training run in the hands of a {@link RunListener} or a {@link Metric}, between two steps. */
public interface RunControl {

  /**
   * Ends the run before its next step: the model has the weights that {@link Keep} says, and {@link
   * TrainingEvent.Reason#STOPPED} is the reason. The run can be resumed. Does nothing where it has
   * ended.
   */
  void stop();

  /**
   * Returns the weights that the run has come to, of a run with a Polyak average that: what would
   * be validated now. The model's own may be older, see {@link Keep}.
   *
   * @throws IllegalStateException if the run has ended
   * @throws IllegalArgumentException if one is not finite
   */
  Weights weights();

  /**
   * Returns the log-likelihood of each example under {@link #weights}, in nats, in their order.
   *
   * @throws IllegalArgumentException if the examples do not fit the model
   * @throws IllegalStateException if the run has ended
   */
  List<Double> logLikelihoods(Examples examples);

  /** Returns how many bits per dimension the examples take under {@link #weights}, as above. */
  double bitsPerDimension(Examples examples);
}
