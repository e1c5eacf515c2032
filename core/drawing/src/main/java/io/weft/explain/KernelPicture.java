package io.weft.explain;

import io.weft.define.Definition;
import io.weft.expression.Footprint;
import io.weft.expression.PositionMap;
import io.weft.expression.Shape;
import io.weft.expression.Tap;
import io.weft.graph.Node;
import io.weft.internal.prove.MapGroup;
import io.weft.internal.prove.MapGroups;
import io.weft.layer.KernelPlace;
import io.weft.layer.Layer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The mask of a layer's kernel as a picture: which places it reads around its own position, taken
 * from what the layer computes, whoever wrote it. There is one panel for each group of output maps
 * that reads differently (under colour groups one for each channel), and of each for every input
 * that is read elsewhere than at the own position; the darker a cell, the more of the input's maps
 * at that place are read. A layer that reads its own output has a panel for each group of the
 * places at which it does. Of more than six panels the first six are shown, and the title says so.
 * Reads that differ from position to position are shown as the pixel in the middle has them.
 */
public final class KernelPicture {

  private static final int MARGIN = 16;
  private static final int CELL = 36;
  private static final int MOST_PANELS = 6;

  /** What one group of output maps reads: how many maps at each place. */
  private record Panel(String caption, Map<Integer, Map<Integer, Integer>> counts) {
    int at(int row, int column) {
      return counts.getOrDefault(row, Map.of()).getOrDefault(column, 0);
    }
  }

  private final String title;
  private final List<Panel> panels;
  private final int most;
  private final int halfHeight;
  private final int halfWidth;

  private KernelPicture(String title, List<Panel> panels, Collection<KernelPlace> places) {
    int shown = Math.min(MOST_PANELS, panels.size());
    this.title =
        shown == panels.size() ? title : title + ", " + shown + " of " + panels.size() + " panels";
    this.panels = panels.subList(0, shown);
    this.halfHeight = places.stream().mapToInt(p -> Math.abs(p.row())).max().orElse(0);
    this.halfWidth = places.stream().mapToInt(p -> Math.abs(p.column())).max().orElse(0);
    this.most =
        this.panels.stream()
            .flatMap(p -> p.counts().values().stream())
            .flatMap(columns -> columns.values().stream())
            .max(Integer::compare)
            .orElse(1);
  }

  /**
   * Returns the picture of a layer's mask.
   *
   * @param definition the model
   * @param layer the full name of the layer, such as "block_2/horizontal"
   * @throws IllegalArgumentException if there is no such layer, or it reads nothing at fixed
   *     distances
   */
  public static Figure of(Definition definition, String layer) {
    MapGroups groups = definition.proof().groups();
    List<Node> nodes = definition.graph().nodes();
    for (int n = 0; n < nodes.size(); n++) {
      if (nodes.get(n) instanceof Node.Applied applied && applied.name().equals(layer)) {
        return of(groups, n, applied);
      }
    }
    throw new IllegalArgumentException(
        "model \""
            + definition.name()
            + "\" has no layer \""
            + layer
            + "\"; it has "
            + nodes.stream().filter(Node.Applied.class::isInstance).map(Node::name).toList());
  }

  /**
   * Returns a picture for each different layer that reads elsewhere than at its own position, on
   * its own grid or of its own output, by the name of the first layer that is one: blocks repeat
   * theirs. Layers between grids, strided ones among them, and attention have no picture.
   */
  public static Map<String, Figure> ofLayers(Definition definition) {
    MapGroups groups = definition.proof().groups();
    List<Node> nodes = definition.graph().nodes();
    Set<Layer> known = new HashSet<>();
    Map<String, Figure> figures = new LinkedHashMap<>();
    for (int n = 0; n < nodes.size(); n++) {
      if (nodes.get(n) instanceof Node.Applied applied
          && applied.expression().taps().stream().anyMatch(looksAround(groups, applied))
          && known.add(applied.layer())) {
        figures.put(applied.name(), of(groups, n, applied));
      }
    }
    return figures;
  }

  private static Predicate<Tap> looksAround(MapGroups groups, Node.Applied applied) {
    return tap -> {
      KernelPlace place = place(groups, applied, tap);
      return place != null && !place.isOwn();
    };
  }

  private static Figure of(MapGroups groups, int node, Node.Applied applied) {
    List<Tap> taps = applied.expression().taps();
    List<Integer> inputs =
        taps.stream()
            .filter(looksAround(groups, applied))
            .map(Tap::input)
            .filter(input -> input != Tap.OWN)
            .distinct()
            .sorted()
            .toList();
    List<Panel> panels = new ArrayList<>();
    Set<KernelPlace> places = new HashSet<>();
    for (MapGroup group : groups.ofNode(node)) {
      int maps = group.maps().size();
      String caption = maps + (maps == 1 ? " map" : " maps");
      for (int input : inputs.isEmpty() ? List.of(0) : inputs) {
        String of = inputs.size() < 2 ? "" : " of " + name(groups, applied, input);
        panels.add(panel(groups, group, caption + of, places, tap -> tap.input() == input));
      }
      if (!applied.ownTaps().isEmpty()) {
        panels.add(panel(groups, group, caption + " of itself", places, Tap::isOwn));
      }
    }
    if (places.isEmpty()) {
      throw new IllegalArgumentException(
          "layer "
              + applied.name()
              + " reads nothing around its own position, so it has no kernel");
    }
    String title = applied.name() + ": " + NodeText.kind(applied);
    return new KernelPicture(title, panels, places).draw();
  }

  private static String name(MapGroups groups, Node.Applied applied, int input) {
    return groups.graph().nodes().get(applied.inputs().get(input)).name();
  }

  private static Panel panel(
      MapGroups groups,
      MapGroup group,
      String caption,
      Set<KernelPlace> places,
      Predicate<Tap> shown) {
    Map<Integer, Map<Integer, Integer>> counts = new TreeMap<>();
    Node.Applied applied = (Node.Applied) groups.node(group);
    for (MapGroup.Edge edge : group.edges()) {
      KernelPlace place = shown.test(edge.tap()) ? place(groups, applied, edge.tap()) : null;
      if (place != null) {
        places.add(place);
        if (isReadInTheMiddle(edge.tap().positions(), applied)) {
          counts
              .computeIfAbsent(place.row(), r -> new TreeMap<>())
              .merge(place.column(), groups.get(edge.source()).maps().size(), Integer::sum);
        }
      }
    }
    return new Panel(caption, counts);
  }

  /** Returns where a tap reads, if that is one place of the own grid that lies in the image. */
  private static @Nullable KernelPlace place(MapGroups groups, Node.Applied applied, Tap tap) {
    Shape own = applied.shape();
    Shape read =
        tap.isOwn() ? own : groups.graph().nodes().get(applied.inputs().get(tap.input())).shape();
    if (own.isGlobal()
        || !read.sameGrid(own)
        || !(tap.positions() instanceof PositionMap positions)) {
      return null;
    }
    KernelPlace place = distance(positions, own);
    return place != null
            && Math.abs((long) place.row()) < own.height()
            && Math.abs((long) place.column()) < own.width()
        ? place
        : null;
  }

  private static @Nullable KernelPlace distance(PositionMap positions, Shape own) {
    if (positions instanceof PositionMap.InRasterOrder
        || positions instanceof PositionMap.FromRasterOrder) {
      // A whole image that is turned has no kernel.
      return null;
    }
    if (positions instanceof PositionMap.Offset offset) {
      return new KernelPlace(offset.rows(), offset.columns());
    }
    if (positions instanceof PositionMap.Earlier earlier) {
      return new KernelPlace(earlier.rows(), earlier.columns());
    }
    int source = positions.source(own.height() / 2, own.width() / 2);
    return source == PositionMap.NONE
        ? null
        : new KernelPlace(
            source / own.width() - own.height() / 2, source % own.width() - own.width() / 2);
  }

  /** What is read only where it is earlier is shown as the pixel in the middle reads it. */
  private static boolean isReadInTheMiddle(Footprint positions, Node node) {
    return !(positions instanceof PositionMap.Earlier earlier)
        || earlier.source(node.shape().height() / 2, node.shape().width() / 2) != PositionMap.NONE;
  }

  private Figure draw() {
    int shown = panels.size();
    int panelHeight = (2 * halfHeight + 1) * cell() + 1;
    int panelWidth = (2 * halfWidth + 1) * cell() + 1;
    int captionWidth = panels.stream().mapToInt(p -> Canvas.width(p.caption())).max().orElse(0);
    int step = Math.max(panelWidth, captionWidth) + MARGIN;
    int top = MARGIN + Canvas.LINE + 6;
    int below = top + panelHeight + 6;
    Legend legend = legend();
    int width =
        MARGIN + Math.max(shown * step, Math.max(Canvas.width(title), legend.width()) + MARGIN);
    Canvas canvas = new Canvas(below + Canvas.LINE + MARGIN / 2 + legend.height() + MARGIN, width);
    canvas.words(MARGIN, MARGIN, title);
    for (int i = 0; i < shown; i++) {
      int left = MARGIN + i * step;
      panel(canvas, panels.get(i), top, left);
      canvas.words(below, left, panels.get(i).caption());
    }
    legend.draw(canvas, below + Canvas.LINE + MARGIN / 2, MARGIN);
    return canvas.figure(title);
  }

  /** The width of a cell; large kernels get smaller ones. */
  private int cell() {
    return Math.max(6, Math.min(CELL, 360 / (2 * Math.max(halfHeight, halfWidth) + 1)));
  }

  private void panel(Canvas canvas, Panel panel, int top, int left) {
    int cell = cell();
    int rows = 2 * halfHeight + 1;
    int columns = 2 * halfWidth + 1;
    new Grid(rows, columns, cell, (r, c) -> colour(panel.at(r - halfHeight, c - halfWidth)))
        .draw(canvas, top, left);
    canvas.frame(
        top + halfHeight * cell, left + halfWidth * cell, cell + 1, cell + 1, 3, Palette.ITSELF);
  }

  private int colour(int read) {
    return read == 0 ? Palette.LATER : Palette.shade(Palette.SEEN, (double) read / most);
  }

  private Legend legend() {
    Legend legend = new Legend().add(Palette.ITSELF, "its own position (frame)");
    panels.stream()
        .flatMap(p -> p.counts().values().stream())
        .flatMap(columns -> columns.values().stream())
        .distinct()
        .sorted((a, b) -> b - a)
        .forEach(
            count -> legend.add(colour(count), "reads " + count + (count == 1 ? " map" : " maps")));
    return legend.add(Palette.LATER, "not read");
  }
}
