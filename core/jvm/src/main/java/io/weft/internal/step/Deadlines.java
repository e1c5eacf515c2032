package io.weft.internal.step;

import io.weft.expression.PositionMap;
import io.weft.expression.Ranks;
import io.weft.graph.LayerGraph;
import io.weft.internal.prove.MapGroup;
import io.weft.internal.prove.MapGroups;
import io.weft.internal.prove.Schedule;
import io.weft.internal.prove.Wavefronts;
import java.util.Arrays;
import java.util.List;

/**
 * The first generation step at which each value of each group is needed: the reverse of {@link
 * Schedule}. What nobody needs has none and is never computed.
 */
final class Deadlines {

  static final int NEVER = Integer.MAX_VALUE;

  private Deadlines() {}

  /**
   * Returns the deadlines.
   *
   * @param known the steps at the beginning whose values are known, and need no parameters
   */
  static int[][] of(MapGroups groups, List<GroupProgram> programs, Sources sources, int known) {
    LayerGraph graph = groups.graph();
    int[][] due = new int[groups.count()][];
    for (MapGroup group : groups.all()) {
      due[group.index()] = new int[groups.node(group).shape().positions()];
      Arrays.fill(due[group.index()], NEVER);
    }
    for (int c = 0; c < graph.image().channels(); c++) {
      for (MapGroup output : groups.outputsOf(c)) {
        for (int p = 0; p < graph.image().pixels(); p++) {
          int step = Schedule.step(graph, p, c);
          if (step >= known) {
            lower(due[output.index()], p, step);
          }
        }
      }
    }
    for (int g = groups.count() - 1; g >= 0; ) {
      List<MapGroup> ofNode = groups.ofNode(groups.get(g).node());
      Wavefronts order = groups.fronts(groups.get(g));
      for (int f = order.count() - 1; f >= 0; f--) {
        int[] front = order.front(f);
        ofNode.forEach(group -> pass(due, programs.get(group.index()), sources, front));
      }
      g -= ofNode.size();
    }
    return due;
  }

  /** What is read is needed when its reader is. */
  private static void pass(int[][] due, GroupProgram reader, Sources sources, int[] front) {
    int[] mine = due[reader.group()];
    for (int r = 0; r < reader.reads().size(); r++) {
      int[] source = sources.of(reader.group(), r);
      int[] sourceDue = due[reader.reads().get(r).group()];
      if (reader.reads().get(r).isSet()) {
        passRuns(mine, reader.reads().get(r).ranks(), source, front, sourceDue);
        continue;
      }
      for (int q : front) {
        if (source[q] != PositionMap.NONE) {
          lower(sourceDue, source[q], mine[q]);
        }
      }
    }
  }

  /** The first need of a rank is that of any run that it lies in. */
  private static void passRuns(int[] mine, Ranks ranks, int[] ends, int[] front, int[] sourceDue) {
    int[] first = new int[sourceDue.length + 1];
    Arrays.fill(first, NEVER);
    for (int q : front) {
      lower(first, ends[q], mine[q]);
    }
    for (int end = sourceDue.length; end > 0; end--) {
      int start = ranks.isPrefix() ? end - 1 : ranks.start(end);
      for (int rank = start; first[end] != NEVER && rank < end; rank++) {
        lower(sourceDue, ranks.order().position(rank), first[end]);
      }
      if (ranks.isPrefix()) {
        lower(first, end - 1, first[end]);
      }
    }
  }

  private static void lower(int[] due, int position, int step) {
    due[position] = Math.min(due[position], step);
  }
}
