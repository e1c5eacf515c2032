package io.weft.graph;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The order in which pixels are generated. Within a pixel, colour channels follow one another.
 *
 * <p>Steps are numbered by colour value: step = rank of the pixel x channels + channel.
 */
public final class GenerationOrder {

  private final int[] positions;
  private final int[] ranks;

  private GenerationOrder(int[] positions) {
    this.positions = positions;
    this.ranks = new int[positions.length];
    for (int rank = 0; rank < positions.length; rank++) {
      ranks[positions[rank]] = rank;
    }
  }

  /** Returns the order row by row from the top, each from the left. */
  public static GenerationOrder raster(ImageSpec image) {
    return new GenerationOrder(IntStream.range(0, image.pixels()).toArray());
  }

  /** Returns the row-major position of the pixel that is generated as number {@code rank}. */
  public int position(int rank) {
    return positions[rank];
  }

  /** Returns the number, from 0, under which the pixel at {@code position} is generated. */
  public int rank(int position) {
    return ranks[position];
  }

  /** Returns the number of pixels. */
  public int pixels() {
    return positions.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GenerationOrder order && Arrays.equals(positions, order.positions);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(positions);
  }
}
