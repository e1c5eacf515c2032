package io.weft.order;

import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** A way through grids: for each height and width, the row-major positions in order. */
@FunctionalInterface
interface Curve {

  /** Returns all positions of a grid, each once. */
  int[] positions(int height, int width);

  /** Row by row from the top, each from the left. */
  static int[] raster(int height, int width) {
    return IntStream.range(0, height * width).toArray();
  }

  /** Row by row from the top, from the left and from the right in turn. */
  static int[] sCurve(int height, int width) {
    return IntStream.range(0, height * width)
        .map(i -> i / width % 2 == 0 ? i : i / width * width + width - 1 - i % width)
        .toArray();
  }

  /** A permutation that the seed and the grid's size decide (Fisher and Yates). */
  static Curve random(long seed) {
    return (height, width) -> {
      int[] positions = raster(height, width);
      SplittableRandom random = new SplittableRandom(seed);
      for (int i = positions.length - 1; i > 0; i--) {
        int j = random.nextInt(i + 1);
        int swapped = positions[i];
        positions[i] = positions[j];
        positions[j] = swapped;
      }
      return positions;
    };
  }

  /** Hilbert's curve for grids of any size; see {@link Hilbert}. */
  static int[] hilbert(int height, int width) {
    return Hilbert.positions(height, width);
  }
}
