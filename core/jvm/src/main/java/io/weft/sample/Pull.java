package io.weft.sample;

import java.util.Iterator;

/**
 * An iterator that computes its next element only when asked, and holds resources until it is
 * exhausted or closed. For one thread at a time; an interrupt of that thread closes it. See {@link
 * io.weft}.
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
   * @throws IllegalStateException if the model was closed meanwhile, or another thread is using
   *     this
   * @throws java.util.concurrent.CancellationException if the thread is interrupted; this is closed
   *     then
   * @throws ArithmeticException if a parameter is not finite; the message names the pixel
   */
  @Override
  T next();

  /**
   * Draws some more of the images in work, at most so many pixels of each as a row has: the grain
   * at which a series of images can be left.
   *
   * @return whether {@link #next} now returns an element without computing
   * @throws java.util.NoSuchElementException if no element follows
   * @throws IllegalStateException if the model was closed meanwhile, or another thread is using
   *     this
   * @throws java.util.concurrent.CancellationException if the thread is interrupted; this is closed
   *     then
   * @throws ArithmeticException if a parameter is not finite; the message names the pixel
   */
  boolean advance();

  /**
   * Stops and releases everything, when the call that another thread has in hand is done. Closing
   * again does nothing.
   */
  @Override
  void close();
}
