package io.weft.pyramid;

import io.weft.sample.Pixel;
import java.util.Objects;

/**
 * A pixel that has been generated for one of a pyramid's two images. A pixel (r, c) of the small
 * image is pixel (factor r, factor c) of the large one as well, and does not come again; {@link
 * Scale#inLarge} says so.
 *
 * @param size whose pixel
 * @param pixel the pixel, counted in that image's rows and columns
 */
public record ScaledPixel(Size size, Pixel pixel) {
  /** Checks that nothing is missing. */
  public ScaledPixel {
    Objects.requireNonNull(size, "size");
    Objects.requireNonNull(pixel, "pixel");
  }
}
