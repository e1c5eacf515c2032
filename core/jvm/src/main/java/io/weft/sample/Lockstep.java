package io.weft.sample;

import io.weft.internal.Seam;
import io.weft.order.GenerationOrder;

/**
 * Images that come about together, one pixel of each at a time: what series of pixels, rows and
 * images are made of ({@link Samples#pixels}). For one thread at a time.
 */
@Seam
public interface Lockstep extends AutoCloseable {

  /** Returns the number of images. */
  int images();

  /** Returns the index of the first image; the others follow. */
  long firstImage();

  /** Returns the order in which pixels come. */
  GenerationOrder order();

  /**
   * Returns whether a pixel of an image was known before, and is no part of a series of pixels.
   *
   * @param index the image, from 0
   */
  boolean isKnown(int index, int position);

  /**
   * Brings one more pixel of every image about.
   *
   * @return the row-major position of the pixel
   */
  int advancePixel();

  /**
   * Returns a level that is there.
   *
   * @param index the image, from 0
   */
  int level(int index, int position, int channel);

  /** Releases what this holds; levels that are there can still be read. */
  @Override
  void close();
}
