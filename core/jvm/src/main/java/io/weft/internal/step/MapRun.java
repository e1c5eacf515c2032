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

  /** Returns the same maps in the same order, in as few runs as there can be. */
  static List<MapRun> joined(List<MapRun> runs) {
    List<MapRun> joined = new ArrayList<>();
    for (MapRun run : runs) {
      int last = joined.size() - 1;
      if (last >= 0 && joined.get(last).goesOnIn(run)) {
        MapRun before = joined.get(last);
        joined.set(last, new MapRun(before.value, before.from, before.length + run.length));
      } else {
        joined.add(run);
      }
    }
    return List.copyOf(joined);
  }

  private boolean goesOnIn(MapRun next) {
    return next.value == value && next.from == from + length;
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
