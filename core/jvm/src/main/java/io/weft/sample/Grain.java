package io.weft.sample;

import io.weft.order.GenerationOrder;
import io.weft.spec.ImageSpec;
import java.util.stream.IntStream;

/**
 * What the elements of a series are: pixels, rows or images.
 *
 * @param <T> the element
 */
interface Grain<T> {

  /**
   * The elements of one run.
   *
   * @param <T> the element
   */
  interface Elements<T> {

    /** Returns how many the run gives, all images together. */
    int count();

    /**
     * Returns whether the pixel that comes as number {@code rank} completes an element of an image
     * of the run.
     */
    boolean completes(int index, int rank);

    /** Returns the element of an image that the pixel at {@code position} completed. */
    T take(int index, int position);
  }

  /** Returns the elements of a run. */
  Elements<T> of(Lockstep run);

  /** Returns the grain of single pixels, without those that are known. */
  static Grain<Pixel> pixels(ImageSpec image) {
    return run ->
        new Elements<>() {
          @Override
          public int count() {
            return IntStream.range(0, run.images()).map(index -> missing(run, index)).sum();
          }

          @Override
          public boolean completes(int index, int rank) {
            return !run.isKnown(index, run.order().position(rank));
          }

          @Override
          public Pixel take(int index, int position) {
            return new Pixel(
                run.firstImage() + index,
                position / image.width(),
                position % image.width(),
                levels(run, image, index, position, 1));
          }
        };
  }

  /** Returns the grain of rows; a row is complete with its last pixel in generation order. */
  static Grain<PixelRow> rows(ImageSpec image) {
    return run -> {
      GenerationOrder order = run.order();
      int[] last = new int[image.height()];
      for (int rank = 0; rank < image.pixels(); rank++) {
        last[order.position(rank) / image.width()] = rank;
      }
      return new Elements<>() {
        @Override
        public int count() {
          return run.images() * image.height();
        }

        @Override
        public boolean completes(int index, int rank) {
          return last[order.position(rank) / image.width()] == rank;
        }

        @Override
        public PixelRow take(int index, int position) {
          int row = position / image.width();
          return new PixelRow(
              run.firstImage() + index,
              row,
              image.channels(),
              levels(run, image, index, row * image.width(), image.width()));
        }
      };
    };
  }

  /** Returns the grain of whole images. */
  static Grain<SampledImage> images(ImageSpec image) {
    return run ->
        new Elements<>() {
          @Override
          public int count() {
            return run.images();
          }

          @Override
          public boolean completes(int index, int rank) {
            return rank == image.pixels() - 1;
          }

          @Override
          public SampledImage take(int index, int position) {
            return new SampledImage(
                run.firstImage() + index, image, levels(run, image, index, 0, image.pixels()));
          }
        };
  }

  private static int missing(Lockstep run, int index) {
    int positions = run.order().pixels();
    return (int) IntStream.range(0, positions).filter(p -> !run.isKnown(index, p)).count();
  }

  /** The levels of a run of positions, [position, channel]. */
  private static int[] levels(Lockstep run, ImageSpec image, int index, int from, int positions) {
    int[] levels = new int[positions * image.channels()];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = run.level(index, from + i / image.channels(), i % image.channels());
    }
    return levels;
  }
}
