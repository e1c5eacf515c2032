package io.weft.internal.step;

/**
 * A run of neighbouring maps of one value.
 *
 * @param value what is read: the index of an instruction for its result, or the complement ({@code
 *     ~s}) of the index of a read segment
 * @param from the first map, from 0
 * @param length how many
 */
public record MapRun(int value, int from, int length) {

  /** Returns whether a read segment is meant. */
  public boolean isRead() {
    return value < 0;
  }

  /** Returns the index of the read segment; only where {@link #isRead}. */
  public int segment() {
    return ~value;
  }
}
