package io.weft.prove;

import io.weft.expression.PositionMap;
import io.weft.expression.Tap;
import io.weft.graph.LayerGraph;
import io.weft.graph.Node;
import io.weft.internal.Seam;
import io.weft.internal.prove.MapGroups;
import io.weft.internal.prove.Schedule;
import java.util.ArrayList;
import java.util.List;

/**
 * The proof that no colour value's distribution can see that value or a later one. It is exact and
 * complete: it follows every read of every map at every position, under the generation order.
 *
 * <p>The schedule that it rests on is also the incremental sampler's plan.
 */
public final class CausalityProof {

  private final Schedule schedule;

  private CausalityProof(Schedule schedule) {
    this.schedule = schedule;
  }

  /**
   * Proves a graph causal.
   *
   * @throws CausalityException if it is not; the message names the layer, what it reads, and the
   *     nearest pixel that leaks
   */
  public static CausalityProof of(LayerGraph graph) {
    Schedule schedule = Schedule.of(MapGroups.of(graph));
    List<int[]> late = new ArrayList<>();
    for (int p = 0; p < graph.image().pixels(); p++) {
      for (int c = 0; c < graph.image().channels(); c++) {
        if (!schedule.onTime(p, c)) {
          late.add(new int[] {p, c});
        }
      }
    }
    if (!late.isEmpty()) {
      throw new CausalityException(
          graph.name(), LeakFinder.find(schedule, late), graph.image().channels() > 1);
    }
    return new CausalityProof(schedule);
  }

  /**
   * Returns whether a graph that is causal under one order is so under every other: each layer
   * reads conditions, its own position, and what is earlier, or all up to its own position. What is
   * seen through an earlier position is earlier, and what is seen through own positions alone is
   * the same everywhere.
   */
  public static boolean holdsForEveryOrder(LayerGraph graph) {
    boolean[] live = graph.live();
    boolean[] drawn = new boolean[live.length];
    for (int i = 0; i < live.length; i++) {
      Node node = graph.nodes().get(i);
      drawn[i] =
          node instanceof Node.Image || node.sources().stream().anyMatch(source -> drawn[source]);
      if (live[i] && node instanceof Node.Applied applied) {
        for (Tap tap : applied.expression().taps()) {
          int source = graph.source(i, tap);
          if (drawn[source] && !followsOrder(tap, graph.nodes().get(source), applied)) {
            return false;
          }
        }
      }
    }
    return true;
  }

  private static boolean followsOrder(Tap tap, Node source, Node reader) {
    return tap.positions() instanceof PositionMap.Earlier
        || tap.positions() instanceof PositionMap.Before
        || tap.isSet()
        || (tap.positions() instanceof PositionMap.Offset offset
            && offset.rows() == 0
            && offset.columns() == 0
            && source.shape().sameGrid(reader.shape()));
  }

  /** Returns when each value can be computed. */
  @Seam
  public Schedule schedule() {
    return schedule;
  }

  /** Returns the map groups that the proof speaks of. */
  @Seam
  public MapGroups groups() {
    return schedule.groups();
  }

  /** Returns the graph that is proven. */
  public LayerGraph graph() {
    return groups().graph();
  }
}
