package io.weft.prove;

import io.weft.expression.PositionMap;
import io.weft.expression.Shape;
import io.weft.graph.LayerGraph;
import io.weft.graph.Node;
import io.weft.order.GenerationOrder;
import io.weft.thread.Interruption;
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
      Interruption.check();
      Node node = groups.node(group);
      ready[group.index()] =
          node instanceof Node.Image
              ? image(groups.graph(), group.maps().get(0))
              : computed(node.shape(), group, ready);
    }
    return new Schedule(groups, ready);
  }

  private static int[] image(LayerGraph graph, int channel) {
    int[] ready = new int[graph.image().pixels()];
    for (int p = 0; p < ready.length; p++) {
      ready[p] = step(graph, p, channel) + 1;
    }
    return ready;
  }

  private static int[] computed(Shape shape, MapGroup group, int[][] ready) {
    int[] result = new int[shape.positions()];
    for (MapGroup.Edge edge : group.edges()) {
      int[] source = ready[edge.source()];
      PositionMap positions = edge.tap().positions();
      for (int r = 0; r < shape.height(); r++) {
        for (int c = 0; c < shape.width(); c++) {
          int from = positions.source(r, c);
          if (from != PositionMap.NONE) {
            int q = shape.position(r, c);
            result[q] = Math.max(result[q], source[from]);
          }
        }
      }
    }
    return result;
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
  boolean isOnTime() {
    int channels = groups.graph().image().channels();
    return IntStream.range(0, groups.graph().image().pixels() * channels)
        .allMatch(v -> onTime(v / channels, v % channels));
  }

  /** Returns whether the logits of a value are ready before it is drawn. */
  boolean onTime(int position, int channel) {
    return late(position, channel).isEmpty();
  }

  /** Returns the output groups of a value that are not ready before it is drawn. */
  List<MapGroup> late(int position, int channel) {
    int step = step(groups.graph(), position, channel);
    return groups.outputsOf(channel).stream().filter(g -> ready(g, position) > step).toList();
  }
}
