package io.weft.testing;

import io.weft.distribution.Distribution;
import io.weft.json.LayerCatalog;
import io.weft.spec.ImageSpec;
import java.util.List;

/**
 * The distributions that tests are run over: what each engine computes of them against what they
 * mean, gradients against finite differences, step by step against all at once, the sum of all
 * probabilities, and as JSON. A new distribution is one line here; {@code LayerCatalogTest} says so
 * if it is missing.
 */
public final class DistributionSamples {

  private static final ImageSpec GREY = new ImageSpec(1, 6, 1, 7);
  private static final ImageSpec COLOUR = new ImageSpec(2, 3, 3, 16);
  private static final ImageSpec BINARY = new ImageSpec(1, 6, 1, 2);

  private static final List<DistributionSample> ALL =
      List.of(
          new DistributionSample(Distribution.softmax(), GREY),
          new DistributionSample(Distribution.softmax(), new ImageSpec(2, 3, 3, 5)),
          new DistributionSample(Distribution.bernoulli(), BINARY),
          new DistributionSample(Distribution.bernoulli(), new ImageSpec(1, 6, 3, 2)),
          new DistributionSample(Distribution.logisticMixture(1), BINARY),
          new DistributionSample(Distribution.logisticMixture(3), COLOUR),
          new DistributionSample(Distribution.logisticMixture(10), new ImageSpec(1, 6, 4, 256)),
          new DistributionSample(new DiscreteLaplace(), COLOUR));

  private DistributionSamples() {}

  /** Returns all samples, of some distributions several. */
  public static List<DistributionSample> all() {
    return ALL;
  }

  /** Returns a catalog of all of them. */
  public static LayerCatalog catalog() {
    return LayerCatalog.standard().withDistribution("discrete-laplace", DiscreteLaplace.class);
  }
}
