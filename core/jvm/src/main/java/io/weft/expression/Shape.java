package io.weft.expression;

/**
 * The shape of a feature: a grid of positions with a number of maps at each.
 *
 * <p>Rows are counted from the top, columns from the left. A feature that is the same everywhere (a
 * class or a vector condition) has a grid of 1 x 1.
 *
 * @param height rows of the grid, at least 1
 * @param width columns of the grid, at least 1
 * @param maps feature maps at each position, at least 1
 */
public record Shape(int height, int width, int maps) {

  /**
   * Checks the sizes.
   *
   * @throws IllegalArgumentException if a size is below 1, the grid has more than 2^24 positions,
   *     or there are more than 2^16 maps
   */
  public Shape {
    if (height < 1 || width < 1 || maps < 1) {
      throw new IllegalArgumentException(
          "a feature needs at least one row, one column and one map, found "
              + height
              + " x "
              + width
              + " x "
              + maps);
    }
    if ((long) height * width > 1 << 24) {
      throw new IllegalArgumentException(
          "a grid of " + height + " x " + width + " is beyond the limit of 2^24 positions");
    }
    if (maps > 1 << 16) {
      throw new IllegalArgumentException(
          "a feature of " + maps + " maps is beyond the limit of 2^16 maps");
    }
  }

  /** Returns the number of positions, height times width. */
  public int positions() {
    return height * width;
  }

  /** Returns the row-major number of the position at {@code row}, {@code column}. */
  public int position(int row, int column) {
    return row * width + column;
  }

  /** Returns this grid with another number of maps. */
  public Shape withMaps(int count) {
    return new Shape(height, width, count);
  }

  /** Returns whether both have the same rows and columns. */
  public boolean sameGrid(Shape other) {
    return height == other.height && width == other.width;
  }

  /** Returns whether the grid is 1 x 1, so that the feature holds for every position. */
  public boolean isGlobal() {
    return height == 1 && width == 1;
  }

  @Override
  public String toString() {
    return height + "x" + width + "x" + maps;
  }
}
