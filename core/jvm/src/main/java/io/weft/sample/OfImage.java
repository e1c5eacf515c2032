package io.weft.sample;

import io.weft.internal.Seam;

/**
 * What belongs to an image, by its index or by its place in the series.
 *
 * @param <T> what that is
 */
@Seam
public interface OfImage<T> {
  /** Returns what belongs to an image. */
  T of(long image, int place);
}
