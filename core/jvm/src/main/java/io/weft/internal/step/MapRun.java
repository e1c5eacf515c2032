package io.weft.internal.step;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A run of neighbouring maps of one value.
 *
 * @param value what is read: the index of an instruction for its result, or the complement ({@code
 *     ~s}) of the index of a read segment
 * @param from the first map, from 0
 * @param length how many
 */
public record MapRun(int value, int from, int length) {

  /**
   * Returns maps in their order, in as few runs as there can be.
   *
   * @param values what each is read of
   * @param maps which map of it each is
   */
  static List<MapRun> of(int[] values, int[] maps) {
    List<MapRun> runs = new ArrayList<>();
    int from = 0;
    for (int i = 1; i <= values.length; i++) {
      boolean goesOn =
          i < values.length && values[i] == values[from] && maps[i] == maps[from] + i - from;
      if (!goesOn) {
        runs.add(new MapRun(values[from], maps[from], i - from));
        from = i;
      }
    }
    return List.copyOf(runs);
  }

  /** Returns the instructions whose results are read, in the order of the runs. */
  static IntStream uses(List<MapRun> runs) {
    return runs.stream().filter(run -> !run.isRead()).mapToInt(MapRun::value);
  }

  /** Returns whether one of some is of a read segment. */
  static boolean reads(List<MapRun> runs) {
    return runs.stream().anyMatch(MapRun::isRead);
  }

  /** Returns whether a read segment is meant. */
  public boolean isRead() {
    return value < 0;
  }

  /** Returns the index of the read segment; only where {@link #isRead}. */
  public int segment() {
    return ~value;
  }
}
