package io.weft.data;

import io.weft.spec.ImageSpec;

/**
 * What an image becomes each time that it is visited: drawn in black and white anew ({@link
 * Binarisation}), mirrored, shifted or cut ({@link Augmentation}), or whatever else is done to data
 * while a model learns from them.
 *
 * <p>A pure function of the image and the visit. So training sees the same at any batch, and goes
 * on exactly where it was interrupted. Called from any thread.
 */
public interface Variation {

  /**
   * Returns what images are like afterwards.
   *
   * @param images what they are like before
   * @throws IllegalArgumentException if this is not for such images
   */
  ImageSpec spec(ImageSpec images);

  /**
   * Returns an image as a visit sees it.
   *
   * @param images what images are like before
   * @param levels the image, [row, column, channel], each level from 0; this array may be changed
   *     and returned
   * @return its levels afterwards, those of {@link #spec}
   */
  int[] apply(ImageSpec images, int[] levels, Visit visit);

  /**
   * Returns this in words, with all that it follows from: a run of training is gone on with only if
   * its data are varied in the same words.
   */
  @Override
  String toString();
}
