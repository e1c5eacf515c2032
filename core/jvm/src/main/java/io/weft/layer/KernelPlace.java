package io.weft.layer;

import java.util.List;
import java.util.stream.IntStream;

/**
 * A place that the kernel of a causal convolution reads, as a distance from the output's own
 * position.
 *
 * @param row rows down (negative: up)
 * @param column columns to the right (negative: left)
 */
public record KernelPlace(int row, int column) {

  /** Returns whether it is the own position. */
  public boolean isOwn() {
    return row == 0 && column == 0;
  }

  /**
   * Returns all places of a kernel in raster order.
   *
   * @param dilation distance between neighbouring places
   * @param own whether the own position is one of them
   */
  static List<KernelPlace> all(int height, int width, int dilation, boolean own) {
    return IntStream.range(0, height * width)
        .mapToObj(
            i ->
                new KernelPlace(
                    (i / width - height / 2) * dilation, (i % width - width / 2) * dilation))
        .filter(p -> own || !p.isOwn())
        .toList();
  }
}
