package io.weft.prove;

import io.weft.expression.Ranks;
import io.weft.expression.Shape;
import io.weft.expression.Tap;
import io.weft.graph.LayerGraph;
import io.weft.graph.Node;
import io.weft.internal.prove.MapGroup;
import io.weft.internal.prove.MapGroups;
import io.weft.internal.prove.Schedule;
import io.weft.layer.Layer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The levels of all maps of a graph at one pixel. A map's level is the number of the pixel's own
 * colour channels that must be drawn before it can be computed: the distribution of channel c may
 * read maps of level c at most. A layer <em>mixes</em> for c if what it reads has maps of a higher
 * such level than any of its own: it has lost what c may see.
 */
final class Levels {

  /** A read of a node at the own position. */
  record Link(int layer, Tap tap, int source) {}

  private final LayerGraph graph;
  private final Schedule schedule;
  private final MapGroups groups;
  private final int position;
  private final int channels;

  Levels(LayerGraph graph, int position) {
    this.graph = graph;
    this.schedule = Schedule.of(MapGroups.of(graph));
    this.groups = schedule.groups();
    this.position = position;
    this.channels = graph.image().channels();
  }

  /** Returns those of the graph with other layers at some nodes, or null if they do not fit. */
  @Nullable Levels with(Map<Integer, Layer> layers) {
    List<Remedy.Change> changes = new ArrayList<>();
    layers.forEach(
        (node, by) -> changes.add(new Remedy.Replace(graph.nodes().get(node).name(), by)));
    try {
      return new Levels(Rewiring.of(graph, changes), position);
    } catch (IllegalArgumentException shapesDoNotFit) {
      return null;
    }
  }

  /** Returns the layer of a node, or null. */
  @Nullable Layer layer(int node) {
    return graph.nodes().get(node) instanceof Node.Applied applied ? applied.layer() : null;
  }

  /** Returns a read by names. */
  Leak.Edge edge(Link link) {
    return new Leak.Edge(
        graph.nodes().get(link.layer()).name(),
        graph.nodes().get(link.source()).name(),
        link.tap().label());
  }

  /** Returns whether the distribution of a channel sees what it must not. */
  boolean leaks(int channel) {
    return !schedule.onTime(position, channel);
  }

  /** Returns the first channel that leaks, or -1. */
  int firstLeaking() {
    return IntStream.range(0, channels).filter(this::leaks).findFirst().orElse(-1);
  }

  private int level(MapGroup group) {
    return Math.max(0, schedule.ready(group, position) - Schedule.step(graph, position, 0));
  }

  private boolean isOnGrid(int node) {
    return graph.nodes().get(node).shape().sameGrid(graph.nodes().get(0).shape());
  }

  /** Returns whether a node has maps that depend on the pixel's own colours. */
  boolean knowsColours(int node) {
    return isOnGrid(node) && groups.ofNode(node).stream().anyMatch(g -> level(g) > 0);
  }

  /** The highest level of a node's maps that a channel may see, or -1. */
  private int best(int node, int channel) {
    return isOnGrid(node)
        ? groups.ofNode(node).stream()
            .mapToInt(this::level)
            .filter(level -> level <= channel)
            .max()
            .orElse(-1)
        : -1;
  }

  /** Returns the graph. */
  LayerGraph graph() {
    return graph;
  }

  /** Returns the number of colour channels. */
  int channels() {
    return channels;
  }

  /** Returns whether a layer has lost what a channel may see of what it reads. */
  boolean mixes(int layer, int channel) {
    return ownReads(layer).stream().anyMatch(link -> mixes(link, channel));
  }

  private boolean mixes(Link link, int channel) {
    return knowsColours(link.source())
        && best(link.source(), channel) > best(link.layer(), channel);
  }

  /** Returns for how many channels a layer mixes. */
  int mixed(int layer) {
    return (int) IntStream.range(0, channels).filter(c -> mixes(layer, c)).count();
  }

  /** The reads at the own position of a layer on the image's grid. */
  List<Link> ownReads(int layer) {
    if (!isOnGrid(layer)) {
      return List.of();
    }
    return groups.ofNode(layer).stream()
        .flatMap(group -> group.edges().stream())
        .filter(this::isOwn)
        .map(edge -> new Link(layer, edge.tap(), groups.get(edge.source()).node()))
        .distinct()
        .toList();
  }

  private boolean isOwn(MapGroup.Edge edge) {
    Shape shape = graph.nodes().get(0).shape();
    int row = position / shape.width();
    int column = position % shape.width();
    return isOnGrid(groups.get(edge.source()).node())
        && (edge.tap().positions() instanceof Ranks ranks
            ? !ranks.span().isStrict()
            : edge.tap().source(row, column) == position);
  }

  /** The reads by which layers mix that carry a channel's leak, and read nothing mixed. */
  List<Link> firstMixing(int channel) {
    Set<Link> mixing = new HashSet<>();
    BitSet visited = new BitSet();
    List<MapGroup> open = new ArrayList<>(schedule.late(position, channel));
    while (!open.isEmpty()) {
      MapGroup group = open.remove(open.size() - 1);
      if (visited.get(group.index())) {
        continue;
      }
      visited.set(group.index());
      for (MapGroup.Edge edge : group.edges()) {
        MapGroup source = groups.get(edge.source());
        if (isOwn(edge) && level(source) > channel) {
          open.add(source);
          Link link = new Link(group.node(), edge.tap(), source.node());
          if (mixes(link, channel)) {
            mixing.add(link);
          }
        }
      }
    }
    Set<Integer> layers = new HashSet<>();
    mixing.forEach(link -> layers.add(link.layer()));
    return mixing.stream()
        .filter(link -> !dependsOn(link.layer(), layers))
        .sorted(Comparator.comparingInt(Link::layer))
        .toList();
  }

  private boolean dependsOn(int layer, Set<Integer> others) {
    Set<Integer> seen = new HashSet<>();
    List<Integer> open = new ArrayList<>(graph.nodes().get(layer).sources());
    while (!open.isEmpty()) {
      int node = open.remove(open.size() - 1);
      if (others.contains(node)) {
        return true;
      }
      if (seen.add(node)) {
        open.addAll(graph.nodes().get(node).sources());
      }
    }
    return false;
  }
}
