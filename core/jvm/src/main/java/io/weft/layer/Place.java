package io.weft.layer;

import io.weft.expression.PositionMap;

/**
 * The own position where its row, or its column, has a property, and nothing elsewhere: reads of
 * {@link Ones} at such places tell positions apart.
 *
 * @param axis whether of rows or of columns
 * @param property of their number
 * @param number what the property is about
 * @param width columns of the grid
 */
record Place(Axis axis, Property property, int number, int width) implements PositionMap {

  /** What is numbered. */
  enum Axis {
    ROW,
    COLUMN
  }

  /** A property of a number. */
  enum Property {
    /** It is a given one. */
    IS,
    /** Its binary digit at a given place, from 0, is 1. */
    HAS_DIGIT
  }

  @Override
  public int source(int row, int column) {
    int of = axis == Axis.ROW ? row : column;
    boolean has = property == Property.IS ? of == number : ((of >> number) & 1) == 1;
    return has ? row * width + column : NONE;
  }
}
