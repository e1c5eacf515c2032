package io.weft.data;

/**
 * Where the levels of images lie: in an array, in a file, in pictures that are decoded; the last
 * two are read whenever they are asked for. Every image has a position, from 0 on. Read by several
 * threads at once.
 */
interface ImageStore {

  /** Returns the number of images. */
  int count();

  /** Returns whether all levels lie in memory, so that those of other sets made of it may too. */
  boolean isInMemory();

  /** Returns whether an image is made when it is asked for, which several threads do sooner. */
  boolean isDecoded();

  /**
   * Returns how many images that follow each other are best read together, as {@link
   * Examples#block} says: all, but of what can only be read in order.
   */
  int block();

  /** Copies one image, [row, column, channel]. */
  void copy(int position, int[] target, int offset);

  /** Returns one level of an image. */
  int level(int position, int index);
}
