package io.weft.score;

import io.weft.spec.ClassNames;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * How often images of each class were taken for each class: rows are the classes that images have,
 * columns those that were picked. Immutable.
 */
public final class Confusion {

  private final ClassNames classes;
  private final int[][] counts;

  private Confusion(ClassNames classes, int[][] counts) {
    this.classes = classes;
    this.counts = counts;
  }

  /**
   * Counts.
   *
   * @param classes the classes
   * @param own the label of each image
   * @param picked the label that was picked for each image
   * @throws IllegalArgumentException if there is not one of each for each image
   * @throws IndexOutOfBoundsException if a label is none of the classes'
   */
  public static Confusion of(ClassNames classes, int[] own, int[] picked) {
    if (own.length != picked.length) {
      throw new IllegalArgumentException(
          own.length + " labels and " + picked.length + " picked ones; expected the same images");
    }
    int[][] counts = new int[classes.count()][classes.count()];
    for (int image = 0; image < own.length; image++) {
      counts[Objects.checkIndex(own[image], counts.length)][
          Objects.checkIndex(picked[image], counts.length)]++;
    }
    return new Confusion(classes, counts);
  }

  /** Returns the classes. */
  public ClassNames classes() {
    return classes;
  }

  /**
   * Returns how many images of one class were taken for another, or for itself.
   *
   * @param own the label that they have
   * @param picked the label that was picked
   */
  public int count(int own, int picked) {
    return counts[own][picked];
  }

  /** Returns the number of images. */
  public int images() {
    return IntStream.range(0, counts.length).map(this::images).sum();
  }

  /** Returns the number of images of a class. */
  public int images(int own) {
    return IntStream.of(counts[own]).sum();
  }

  /** Returns how many images were taken for what they are. */
  public int right() {
    return IntStream.range(0, counts.length).map(label -> counts[label][label]).sum();
  }

  /** Returns the share of images that were taken for what they are, 0 to 1; NaN of no images. */
  public double accuracy() {
    return (double) right() / images();
  }

  /**
   * Returns the share of a class's images that were taken for what they are (recall), 0 to 1; NaN
   * where there are none.
   */
  public double accuracy(int own) {
    return (double) counts[own][own] / images(own);
  }

  @Override
  public String toString() {
    return right() + " of " + images() + " images are taken for what they are";
  }
}
