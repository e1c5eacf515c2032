package io.weft.sample;

/** What belongs to an image, by its index or by its place in the series. */
interface OfImage<T> {
  T of(long image, int place);
}
