package io.weft.internal.prove;

import io.weft.expression.Ranks;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * Everything that one value of one map group depends on, found by walking its reads back to the
 * image. Exact: a value is in the reach if and only if some path of live weights leads to it.
 */
public final class Reach {

  private final MapGroups groups;
  private final BitSet[] visited;

  private Reach(MapGroups groups) {
    this.groups = groups;
    this.visited = new BitSet[groups.count()];
    for (int g = 0; g < visited.length; g++) {
      visited[g] = new BitSet();
    }
  }

  /** Returns the reach of {@code group} at {@code position}. */
  public static Reach of(MapGroups groups, MapGroup group, int position) {
    return of(groups, List.of(group), position);
  }

  /** Returns what any of the groups {@code from} reaches at {@code position}. */
  public static Reach of(MapGroups groups, List<MapGroup> from, int position) {
    Runs runs = new Runs();
    return of(
        groups,
        from,
        position,
        (group, edge, q, visitor) -> {
          int width = groups.node(group).shape().width();
          if (edge.tap().positions() instanceof Ranks ranks) {
            runs.each(edge, ranks, ranks.end(q), visitor);
          } else {
            edge.tap().positions().each(q / width, q % width, visitor);
          }
        });
  }

  /**
   * Runs of ranks that are visited for some walk. Those from the beginning of the order on begin
   * alike, and only what the longest before has not got is visited.
   */
  public static final class Runs {
    private final Map<Object, Integer> ends = new HashMap<>();

    /**
     * Visits the positions of a run, or those that are new.
     *
     * @param of what reads it; the same visitor is meant for equal ones
     * @param end the rank after the last
     */
    public void each(Object of, Ranks ranks, int end, IntConsumer visitor) {
      int start = ranks.isPrefix() ? ends.getOrDefault(of, 0) : ranks.start(end);
      for (int rank = start; rank < end; rank++) {
        visitor.accept(ranks.order().position(rank));
      }
      if (ranks.isPrefix()) {
        ends.merge(of, end, Math::max);
      }
    }
  }

  /** Says where an edge leads, so that a graph can be tried with other edges than it has. */
  @FunctionalInterface
  public interface Step {
    /** Visits the positions that {@code group} at {@code position} reads. */
    void each(MapGroup group, MapGroup.Edge edge, int position, IntConsumer visitor);
  }

  /** Returns the reach over edges that lead where {@code step} says. */
  public static Reach of(MapGroups groups, List<MapGroup> starts, int position, Step step) {
    Reach reach = new Reach(groups);
    Deque<int[]> open = new ArrayDeque<>();
    for (MapGroup start : starts) {
      reach.visited[start.index()].set(position);
      open.add(new int[] {start.index(), position});
    }
    while (!open.isEmpty()) {
      int[] at = open.poll();
      MapGroup from = groups.get(at[0]);
      for (MapGroup.Edge edge : from.edges()) {
        BitSet visited = reach.visited[edge.source()];
        step.each(
            from,
            edge,
            at[1],
            source -> {
              if (!visited.get(source)) {
                visited.set(source);
                open.add(new int[] {edge.source(), source});
              }
            });
      }
    }
    return reach;
  }

  /** Returns the positions at which {@code group} is read. */
  public BitSet positions(MapGroup group) {
    return (BitSet) visited[group.index()].clone();
  }

  /** Returns whether {@code group} at {@code position} is read, directly or through others. */
  public boolean contains(MapGroup group, int position) {
    return visited[group.index()].get(position);
  }

  /** Returns whether colour channel {@code channel} of the pixel at {@code position} is read. */
  public boolean contains(int position, int channel) {
    return contains(groups.ofMap(0, channel), position);
  }

  /** Returns whether anything of {@code node} is read. */
  public boolean reads(int node) {
    return groups.ofNode(node).stream().anyMatch(g -> !visited[g.index()].isEmpty());
  }
}
