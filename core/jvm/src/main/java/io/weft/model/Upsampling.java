package io.weft.model;

import io.weft.define.ModelBuilder;
import io.weft.layer.Feature;

/**
 * How a small image is brought to the grid of the large one (arXiv 1601.06759, section 3.6): a
 * convolution on all sides, then transposed convolutions, one for each prime factor of the scale.
 */
final class Upsampling {

  private static final int KERNEL = 3;

  private Upsampling() {}

  /**
   * Returns a feature of the image's size.
   *
   * @param small the small image
   * @param factor how many times as fine the image's grid is, or a little less
   * @param maps maps of every layer
   */
  static Feature of(ModelBuilder model, Feature small, int factor, int maps) {
    return model.block(
        "grown",
        () -> {
          Feature grown = small.conv(maps, KERNEL).relu();
          int left = factor;
          for (int prime = 2; left > 1; prime++) {
            while (left % prime == 0) {
              left /= prime;
              grown =
                  (left == 1 ? grown.upConv(maps, prime, model.image()) : grown.upConv(maps, prime))
                      .relu();
            }
          }
          return grown;
        });
  }
}
