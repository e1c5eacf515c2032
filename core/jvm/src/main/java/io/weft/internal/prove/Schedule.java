package io.weft.internal.prove;

import io.weft.expression.PositionMap;
import io.weft.expression.Ranks;
import io.weft.expression.Tap;
import io.weft.graph.LayerGraph;
import io.weft.graph.Node;
import io.weft.internal.thread.Interruption;
import io.weft.order.GenerationOrder;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * When each value of each map group can be computed: the earliest generation step before which all
 * that it depends on has been drawn. Step s draws colour value s of the generation order; what
 * needs nothing drawn is ready at step 0.
 */
public final class Schedule {

  private final MapGroups groups;
  private final int[][] ready;

  private Schedule(MapGroups groups, int[][] ready) {
    this.groups = groups;
    this.ready = ready;
  }

  /** Returns the schedule of a graph's groups. */
  public static Schedule of(MapGroups groups) {
    int[][] ready = new int[groups.count()][];
    for (MapGroup group : groups.all()) {
      ready[group.index()] = start(groups, group);
    }
    groups.inOrder(
        (group, front) -> {
          Interruption.check();
          for (MapGroup.Edge edge : group.edges()) {
            int[] source = ready[edge.source()];
            if (edge.tap().positions() instanceof Ranks ranks) {
              raise(ready[group.index()], front, source, ranks);
            } else {
              raise(
                  ready[group.index()],
                  front,
                  source,
                  edge.tap(),
                  groups.node(group).shape().width());
            }
          }
        });
    return new Schedule(groups, ready);
  }

  /** When a value is ready that is computed from nothing: at once, or when it has been drawn. */
  private static int[] start(MapGroups groups, MapGroup group) {
    int[] ready = new int[groups.node(group).shape().positions()];
    if (groups.node(group) instanceof Node.Image) {
      int channel = group.maps().get(0);
      Arrays.setAll(ready, p -> step(groups.graph(), p, channel) + 1);
    }
    return ready;
  }

  private static void raise(int[] ready, int[] front, int[] source, Tap tap, int width) {
    for (int q : front) {
      int from = tap.source(q / width, q % width);
      if (from != PositionMap.NONE) {
        ready[q] = Math.max(ready[q], source[from]);
      }
    }
  }

  /** The latest of a run: of one from the beginning the latest of the run before, or the last. */
  private static void raise(int[] ready, int[] front, int[] source, Ranks ranks) {
    int[] latest = new int[source.length + 1];
    for (int end = 1; end < latest.length; end++) {
      int start = ranks.isPrefix() ? end - 1 : ranks.start(end);
      latest[end] = ranks.isPrefix() ? latest[end - 1] : 0;
      for (int rank = start; rank < end; rank++) {
        latest[end] = Math.max(latest[end], source[ranks.order().position(rank)]);
      }
    }
    for (int q : front) {
      ready[q] = Math.max(ready[q], latest[ranks.end(q)]);
    }
  }

  /** Returns the step that draws {@code channel} of the pixel at {@code position}. */
  public static int step(LayerGraph graph, int position, int channel) {
    GenerationOrder order = graph.order();
    return order.rank(position) * graph.image().channels() + channel;
  }

  /** Returns the groups. */
  public MapGroups groups() {
    return groups;
  }

  /** Returns the earliest step at which {@code group} can be computed at {@code position}. */
  public int ready(MapGroup group, int position) {
    return ready[group.index()][position];
  }

  /** Returns whether the logits of all values are ready before those are drawn. */
  public boolean isOnTime() {
    int channels = groups.graph().image().channels();
    return IntStream.range(0, groups.graph().image().pixels() * channels)
        .allMatch(v -> onTime(v / channels, v % channels));
  }

  /** Returns whether the logits of a value are ready before it is drawn. */
  public boolean onTime(int position, int channel) {
    return late(position, channel).isEmpty();
  }

  /** Returns the output groups of a value that are not ready before it is drawn. */
  public List<MapGroup> late(int position, int channel) {
    int step = step(groups.graph(), position, channel);
    return groups.outputsOf(channel).stream().filter(g -> ready(g, position) > step).toList();
  }
}
