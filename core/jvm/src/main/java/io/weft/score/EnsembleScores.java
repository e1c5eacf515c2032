package io.weft.score;

import io.weft.internal.Count;
import io.weft.order.GenerationOrder;
import java.util.List;

/**
 * How likely a model finds images under several generation orders, and under their ensemble: the
 * mixture that draws an order evenly and then an image in it. Its likelihood of an image is the
 * mean of the orders' joint likelihoods (Jain et al. 2020, section 4.3), so its log is a
 * log-mean-exp over whole images and never below the mean of the logs ({@link MixtureScores}).
 * Log-likelihoods are at most 0, nats and bits are costs (see the {@linkplain io.weft.score
 * package}).
 */
public final class EnsembleScores {

  private final List<GenerationOrder> orders;
  private final List<Scores> scores;
  private final MixtureScores mixture;

  /** Takes the scores of the same images under each of {@code orders}, of which there is one. */
  EnsembleScores(List<GenerationOrder> orders, List<Scores> scores) {
    this.orders = List.copyOf(orders);
    this.scores = List.copyOf(scores);
    mixture = MixtureScores.of(scores.get(0).image(), scores);
  }

  /** Returns the orders. */
  public List<GenerationOrder> orders() {
    return orders;
  }

  /**
   * Returns the scores under the order with the given number.
   *
   * @throws IndexOutOfBoundsException if there is no such order
   */
  public Scores under(int order) {
    return scores.get(order);
  }

  /** Returns the number of images. */
  public int size() {
    return scores.get(0).size();
  }

  /** Returns the log-likelihood of one image under the ensemble. */
  public double logLikelihood(int index) {
    return mixture.logLikelihood(index);
  }

  /** Returns the log-likelihood of each image under the ensemble. */
  public double[] logLikelihoods() {
    return mixture.logLikelihoods();
  }

  /** Returns the cost of one image under the ensemble, its negative log-likelihood, in nats. */
  public double nats(int index) {
    return mixture.nats(index);
  }

  /** Returns the cost of one image under the ensemble in bits per dimension. */
  public double bitsPerDimension(int index) {
    return mixture.bitsPerDimension(index);
  }

  /** Returns the mean cost of an image under the ensemble, in nats. */
  public double meanNats() {
    return mixture.meanNats();
  }

  /** Returns the mean cost under the ensemble, in bits per dimension. */
  public double bitsPerDimension() {
    return mixture.bitsPerDimension();
  }

  @Override
  public String toString() {
    return Count.of(size(), "image")
        + " under "
        + Count.of(orders.size(), "order")
        + ", "
        + bitsPerDimension()
        + " bits per dimension";
  }
}
