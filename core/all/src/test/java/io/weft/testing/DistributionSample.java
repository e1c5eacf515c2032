package io.weft.testing;

import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.distribution.Distribution;
import io.weft.layer.CausalConvolution;
import io.weft.layer.MaskType;
import io.weft.spec.ImageSpec;

/**
 * A distribution and images that it is of.
 *
 * @param distribution the distribution
 * @param image few pixels
 */
public record DistributionSample(Distribution distribution, ImageSpec image) {

  /** Returns a model that ends in the distribution. */
  public Definition model() {
    ModelBuilder model = ModelBuilder.of("sample", image);
    return model.build(
        model
            .image()
            .apply(CausalConvolution.square(3, 3, MaskType.A))
            .tanh()
            .conv1x1(distribution.maps(image)),
        distribution);
  }
}
