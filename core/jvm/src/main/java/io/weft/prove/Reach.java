package io.weft.prove;

import io.weft.expression.PositionMap;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;

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
    return of(
        groups,
        from,
        position,
        (group, edge, q) -> {
          int width = groups.node(group).shape().width();
          return edge.tap().positions().source(q / width, q % width);
        });
  }

  /** Says where an edge leads, so that a graph can be tried with other edges than it has. */
  @FunctionalInterface
  interface Step {
    /** Returns the position that {@code group} at {@code position} reads, or NONE. */
    int source(MapGroup group, MapGroup.Edge edge, int position);
  }

  /** Returns the reach over edges that lead where {@code step} says. */
  static Reach of(MapGroups groups, List<MapGroup> starts, int position, Step step) {
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
        int source = step.source(from, edge, at[1]);
        if (source != PositionMap.NONE && !reach.visited[edge.source()].get(source)) {
          reach.visited[edge.source()].set(source);
          open.add(new int[] {edge.source(), source});
        }
      }
    }
    return reach;
  }

  /** Returns the positions at which {@code group} is read. */
  BitSet positions(MapGroup group) {
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
