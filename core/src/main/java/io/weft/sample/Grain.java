package io.weft.sample;

import io.weft.graph.ImageSpec;
import io.weft.graph.LayerGraph;
import io.weft.order.GenerationOrder;

/**
 * What the elements of a series are: pixels, rows or images.
 *
 * @param <T> the element
 */
interface Grain<T> {

  /** Returns whether the pixel that is drawn as number {@code rank} completes an element. */
  boolean completes(int rank);

  /** Returns the element of an image of the run that the pixel at {@code position} completed. */
  T take(SamplingRun run, int index, int position);

  /** Returns the grain of single pixels. */
  static Grain<Pixel> pixels(ImageSpec image) {
    return new Grain<>() {
      @Override
      public boolean completes(int rank) {
        return true;
      }

      @Override
      public Pixel take(SamplingRun run, int index, int position) {
        return new Pixel(
            run.firstImage() + index,
            position / image.width(),
            position % image.width(),
            run.levels(index, position, 1));
      }
    };
  }

  /** Returns the grain of rows; a row is complete with its last pixel in generation order. */
  static Grain<PixelRow> rows(LayerGraph graph) {
    ImageSpec image = graph.image();
    GenerationOrder order = graph.order();
    int[] last = new int[image.height()];
    for (int rank = 0; rank < image.pixels(); rank++) {
      last[order.position(rank) / image.width()] = rank;
    }
    return new Grain<>() {
      @Override
      public boolean completes(int rank) {
        return last[order.position(rank) / image.width()] == rank;
      }

      @Override
      public PixelRow take(SamplingRun run, int index, int position) {
        int row = position / image.width();
        return new PixelRow(
            run.firstImage() + index,
            row,
            image.channels(),
            run.levels(index, row * image.width(), image.width()));
      }
    };
  }

  /** Returns the grain of whole images. */
  static Grain<SampledImage> images(ImageSpec image) {
    return new Grain<>() {
      @Override
      public boolean completes(int rank) {
        return rank == image.pixels() - 1;
      }

      @Override
      public SampledImage take(SamplingRun run, int index, int position) {
        return run.image(index);
      }
    };
  }
}
