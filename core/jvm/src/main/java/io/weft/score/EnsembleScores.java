package io.weft.score;

import io.weft.internal.Count;
import io.weft.internal.Seam;
import io.weft.order.GenerationOrder;
import io.weft.spec.ImageSpec;
import java.util.List;

/**
 * How likely a model finds images under several generation orders, and under their ensemble: the
 * mixture that draws an order evenly and then an image in it. Its likelihood of an image is the
 * mean of the orders' joint likelihoods (Jain et al. 2020, section 4.3), so its log is a
 * log-mean-exp over whole images and never below the mean of the logs ({@link MixtureScores}).
 */
public final class EnsembleScores implements ImageLikelihoods {

  private final List<GenerationOrder> orders;
  private final List<Scores> scores;
  private final MixtureScores mixture;

  private EnsembleScores(List<GenerationOrder> orders, List<Scores> scores) {
    this.orders = List.copyOf(orders);
    this.scores = List.copyOf(scores);
    mixture = MixtureScores.of(scores.get(0).image(), scores);
  }

  /**
   * Joins the scores of the same images under each of some orders.
   *
   * @throws IllegalArgumentException if there is no order
   */
  @Seam
  public static EnsembleScores of(List<GenerationOrder> orders, List<Scores> scores) {
    if (orders.isEmpty()) {
      throw new IllegalArgumentException("scoring needs at least one generation order");
    }
    return new EnsembleScores(orders, scores);
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

  @Override
  public ImageSpec image() {
    return mixture.image();
  }

  @Override
  public int size() {
    return scores.get(0).size();
  }

  @Override
  public double logLikelihood(int index) {
    return mixture.logLikelihood(index);
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
