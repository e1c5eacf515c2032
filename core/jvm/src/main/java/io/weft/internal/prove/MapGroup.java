package io.weft.internal.prove;

import io.weft.expression.Tap;
import java.util.List;

/**
 * Maps of one node that depend on the same things. All maps of a grey model's feature form one
 * group; under colour groups there is one for each colour channel.
 *
 * @param index the number of the group in the graph
 * @param node the index of the node
 * @param maps the maps, ascending
 * @param edges what the group reads
 */
public record MapGroup(int index, int node, List<Integer> maps, List<Edge> edges) {

  /** Freezes the lists. */
  public MapGroup {
    maps = List.copyOf(maps);
    edges = List.copyOf(edges);
  }

  /**
   * One read of a group.
   *
   * @param tap the place
   * @param source the index of the group that is read there
   */
  public record Edge(Tap tap, int source) {}
}
