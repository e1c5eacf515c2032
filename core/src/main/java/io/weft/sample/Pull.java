package io.weft.sample;

import java.util.Iterator;

/**
 * An iterator that computes its next element only when asked, and holds resources until it is
 * exhausted or closed. Not for use by several threads at once.
 *
 * @param <T> what is generated
 */
public interface Pull<T> extends Iterator<T>, AutoCloseable {

  /** Returns whether another element follows. Computes nothing; false once closed. */
  @Override
  boolean hasNext();

  /**
   * Computes and returns the next element.
   *
   * @throws java.util.NoSuchElementException if none follows
   * @throws IllegalStateException if the model was closed meanwhile
   * @throws ArithmeticException if a logit is not a number; the message names the pixel
   */
  @Override
  T next();

  /**
   * Draws some more of the images in work, at most so many pixels of each as a row has: the grain
   * at which a series of images can be left.
   *
   * @return whether {@link #next} now returns an element without computing
   * @throws java.util.NoSuchElementException if no element follows
   * @throws IllegalStateException if the model was closed meanwhile
   * @throws ArithmeticException if a logit is not a number; the message names the pixel
   */
  boolean advance();

  /** Stops and releases everything. Closing again does nothing. */
  @Override
  void close();
}
