package io.weft.internal.step;

import io.weft.expression.Ranks;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * How far the sets that calls read have been read. Those from the beginning of the order on only
 * grow: of each call what is new is looked at alone.
 */
final class ReadRuns {

  /** Of each set from the beginning of the order on the end of its longest run. */
  private final Map<ReadSegment, Integer> ends = new HashMap<>();

  /**
   * Reads a run of a set.
   *
   * @param end the rank behind its last
   * @param each takes the positions, in order, that no run before has had for certain
   */
  void read(ReadSegment set, int end, IntConsumer each) {
    Ranks ranks = set.ranks();
    int first = ranks.isPrefix() ? ends.getOrDefault(set, 0) : ranks.start(end);
    for (int rank = first; rank < end; rank++) {
      each.accept(ranks.order().position(rank));
    }
    if (ranks.isPrefix()) {
      ends.merge(set, end, Math::max);
    }
  }
}
