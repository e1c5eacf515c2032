package io.weft.prove;

import io.weft.graph.LayerGraph;
import io.weft.layer.DefinitionException;
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
   * @throws DefinitionException if it is not; the message names the layer, what it reads, and the
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
      throw new DefinitionException(
          "model \""
              + graph.name()
              + "\" is not causal: "
              + Leak.find(schedule, late).message(graph.image().channels() > 1));
    }
    return new CausalityProof(schedule);
  }

  /** Returns when each value can be computed. */
  public Schedule schedule() {
    return schedule;
  }

  /** Returns the map groups that the proof speaks of. */
  public MapGroups groups() {
    return schedule.groups();
  }

  /** Returns the graph that is proven. */
  public LayerGraph graph() {
    return groups().graph();
  }
}
