package io.weft.prove;

import io.weft.expression.PositionMap;
import io.weft.expression.Shape;
import io.weft.graph.ImageSpec;
import io.weft.graph.LayerGraph;
import io.weft.graph.Node;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Why a definition is not causal: a colour value whose distribution could see itself or a later
 * value, and the edge of the graph that lets it.
 *
 * @param layer the name of the layer that reads what it must not
 * @param source the name of what it reads
 * @param place where it reads it, such as "(+0, +1)"
 * @param row the row of the value whose distribution leaks
 * @param column its column
 * @param channel its colour channel
 * @param seenRow the row of the nearest value that it must not see
 * @param seenColumn its column
 * @param seenChannel its colour channel
 */
public record Leak(
    String layer,
    String source,
    String place,
    int row,
    int column,
    int channel,
    int seenRow,
    int seenColumn,
    int seenChannel) {

  /**
   * Returns the message for people.
   *
   * @param colour whether the images have colour channels worth naming
   */
  String message(boolean colour) {
    boolean itself = seenRow == row && seenColumn == column && seenChannel == channel;
    return layer
        + " reads "
        + source
        + " at "
        + place
        + ": the distribution of "
        + value(colour, row, column, channel)
        + " could see "
        + (itself
            ? "that very value"
            : "the later " + value(colour, seenRow, seenColumn, seenChannel))
        + ". Mask it (type A where the image is read), shift it, or order its colour groups.";
  }

  private static String value(boolean colour, int row, int column, int channel) {
    return "pixel (" + row + ", " + column + ")" + (colour ? " channel " + channel : "");
  }

  /** Returns the leak at the late value nearest to the middle of the image. */
  static Leak find(Schedule schedule, List<int[]> late) {
    LayerGraph graph = schedule.groups().graph();
    ImageSpec image = graph.image();
    int[] value =
        late.stream()
            .min(
                Comparator.comparingInt(
                    v ->
                        Math.abs(v[0] / image.width() - image.height() / 2)
                            + Math.abs(v[0] % image.width() - image.width() / 2)))
            .orElseThrow();
    return new Finder(schedule.groups(), schedule.late(value[0], value[1]).get(0), value).find();
  }

  /** Looks for the one edge without which the value is not seen and the least is lost. */
  private static final class Finder {
    private final MapGroups groups;
    private final ImageSpec image;
    private final MapGroup output;
    private final int position;
    private final int channel;
    private final int step;
    private final Reach reach;

    private record Link(int layer, String place, int source, boolean own) {}

    private record Cut(Link link, int kept, int depth) {}

    Finder(MapGroups groups, MapGroup output, int[] value) {
      this.groups = groups;
      this.image = groups.graph().image();
      this.output = output;
      this.position = value[0];
      this.channel = value[1];
      this.step = Schedule.step(groups.graph(), position, channel);
      this.reach = Reach.of(groups, output, position);
    }

    Leak find() {
      int[] seen = nearestSeen();
      Link link = culprit(seen);
      return new Leak(
          groups.graph().nodes().get(link.layer()).name(),
          groups.graph().nodes().get(link.source()).name(),
          link.place(),
          position / image.width(),
          position % image.width(),
          channel,
          seen[0] / image.width(),
          seen[0] % image.width(),
          seen[1]);
    }

    /** The forbidden value that is nearest; of one pixel's channels the last. */
    private int[] nearestSeen() {
      List<int[]> forbidden = new ArrayList<>();
      for (int p = 0; p < image.pixels(); p++) {
        for (int c = 0; c < image.channels(); c++) {
          if (Schedule.step(groups.graph(), p, c) >= step && reach.contains(p, c)) {
            forbidden.add(new int[] {p, c});
          }
        }
      }
      return forbidden.stream()
          .min(Comparator.<int[]>comparingInt(v -> distance(v[0])).thenComparing(v -> -v[1]))
          .orElseThrow();
    }

    private int distance(int p) {
      return Math.abs(p / image.width() - position / image.width())
          + Math.abs(p % image.width() - position % image.width());
    }

    /**
     * Of the edges whose removal alone hides the value, the one that loses the least of the lawful
     * context: first single reads of a map group, then of a layer. Where no such edge leaves most
     * of the context, the read of the image itself.
     */
    private Link culprit(int[] seen) {
      int lawful = lawful(reach);
      for (boolean byGroup : new boolean[] {true, false}) {
        Cut best = bestCut(seen, byGroup);
        if (best != null && 2 * best.kept() >= lawful) {
          return best.link();
        }
      }
      return imageRead(seen);
    }

    private Cut bestCut(int[] seen, boolean byGroup) {
      Cut best = null;
      Comparator<Cut> better =
          Comparator.comparingInt(Cut::kept)
              .thenComparing(c -> !c.link().own())
              .thenComparingInt(Cut::depth);
      for (MapGroup group : carriers(seen)) {
        Set<Object> tried = new LinkedHashSet<>();
        for (MapGroup.Edge edge : group.edges()) {
          Link link = link(group, edge);
          if (!tried.add(byGroup ? edge : link)) {
            continue;
          }
          Reach without =
              Reach.of(
                  groups,
                  List.of(output),
                  position,
                  (g, e) ->
                      byGroup
                          ? !(g.index() == group.index() && e.equals(edge))
                          : !link(g, e).equals(link));
          if (!without.contains(seen[0], seen[1])) {
            Cut cut = new Cut(link, lawful(without), group.index());
            if (best == null || better.compare(cut, best) > 0) {
              best = cut;
            }
          }
        }
      }
      return best;
    }

    /** The groups through which the output comes to see the value. */
    private List<MapGroup> carriers(int[] seen) {
      BitSet[] carried = new BitSet[groups.count()];
      List<MapGroup> carriers = new ArrayList<>();
      for (MapGroup group : groups.all()) {
        carried[group.index()] = new BitSet();
        if (group.index() == groups.ofMap(0, seen[1]).index()) {
          carried[group.index()].set(seen[0]);
        }
        Shape shape = groups.node(group).shape();
        for (int q = 0; q < shape.positions(); q++) {
          for (MapGroup.Edge edge : group.edges()) {
            int source = edge.tap().positions().source(q / shape.width(), q % shape.width());
            if (source != PositionMap.NONE && carried[edge.source()].get(source)) {
              carried[group.index()].set(q);
            }
          }
        }
        if (carried[group.index()].stream().anyMatch(q -> reach.contains(group, q))) {
          carriers.add(group);
        }
      }
      return carriers;
    }

    private Link link(MapGroup group, MapGroup.Edge edge) {
      boolean own =
          edge.tap().positions() instanceof PositionMap.Offset o
              && o.rows() == 0
              && o.columns() == 0;
      return new Link(group.node(), edge.tap().label(), groups.get(edge.source()).node(), own);
    }

    private int lawful(Reach within) {
      int count = 0;
      for (int p = 0; p < image.pixels(); p++) {
        for (int c = 0; c < image.channels(); c++) {
          if (Schedule.step(groups.graph(), p, c) < step && within.contains(p, c)) {
            count++;
          }
        }
      }
      return count;
    }

    private Link imageRead(int[] seen) {
      MapGroup value = groups.ofMap(0, seen[1]);
      for (MapGroup group : groups.all()) {
        Node node = groups.node(group);
        Shape shape = node.shape();
        for (MapGroup.Edge edge : group.edges()) {
          for (int q = 0; edge.source() == value.index() && q < shape.positions(); q++) {
            if (reach.contains(group, q)
                && edge.tap().positions().source(q / shape.width(), q % shape.width()) == seen[0]) {
              return link(group, edge);
            }
          }
        }
      }
      throw new IllegalStateException("a value is seen but nothing reads it");
    }
  }
}
