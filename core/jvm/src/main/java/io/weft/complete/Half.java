package io.weft.complete;

/** One of the four halves of an image. Of an odd number of rows or columns none has the middle. */
public enum Half {
  /** The rows above the middle. */
  TOP,
  /** The rows below the middle. */
  BOTTOM,
  /** The columns left of the middle. */
  LEFT,
  /** The columns right of the middle. */
  RIGHT;

  /** Returns whether a pixel of an image of {@code height} x {@code width} lies in this half. */
  boolean contains(int row, int column, int height, int width) {
    return switch (this) {
      case TOP -> row < height / 2;
      case BOTTOM -> row >= height - height / 2;
      case LEFT -> column < width / 2;
      case RIGHT -> column >= width - width / 2;
    };
  }
}
