package io.weft.explain;

import io.weft.define.Definition;
import io.weft.expression.Footprint;
import io.weft.expression.PositionMap;
import io.weft.expression.Tap;
import io.weft.graph.Node;
import io.weft.layer.CausalConvolution;
import io.weft.layer.Layer;
import io.weft.layer.ShiftedConvolution;
import io.weft.prove.MapGroup;
import io.weft.prove.MapGroups;
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
 * from what the layer computes. There is one panel for each group of output maps that reads
 * differently (under colour groups one for each channel); the darker a cell, the more of the input
 * maps at that place are read. A layer that reads its own output has a second panel for each group,
 * of the places at which it does.
 */
public final class KernelPicture {

  private static final int MARGIN = 16;
  private static final int CELL = 36;
  private static final int MOST_PANELS = 6;

  /** A place around the own position. */
  private record Place(int row, int column) {}

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

  private KernelPicture(String title, List<Panel> panels, Collection<Place> places) {
    this.title = title;
    this.panels = panels;
    this.halfHeight = places.stream().mapToInt(p -> Math.abs(p.row())).max().orElse(0);
    this.halfWidth = places.stream().mapToInt(p -> Math.abs(p.column())).max().orElse(0);
    this.most =
        panels.stream()
            .flatMap(p -> p.counts().values().stream())
            .flatMap(columns -> columns.values().stream())
            .max(Integer::compare)
            .orElse(1);
  }

  /**
   * Returns the picture of a layer's first input's mask.
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
   * Returns a picture for each different convolution that reads at fixed distances, and for each
   * different layer that reads its own output, by the name of the first layer that is one: blocks
   * repeat theirs. Strided convolutions have no picture.
   */
  public static Map<String, Figure> ofLayers(Definition definition) {
    Set<Layer> known = new HashSet<>();
    Map<String, Figure> figures = new LinkedHashMap<>();
    for (Node node : definition.graph().nodes()) {
      if (node instanceof Node.Applied applied
          && (hasKernel(applied.layer()) || !applied.ownTaps().isEmpty())
          && known.add(applied.layer())) {
        figures.put(applied.name(), of(definition, applied.name()));
      }
    }
    return figures;
  }

  private static boolean hasKernel(Layer layer) {
    return layer instanceof CausalConvolution
        || (layer instanceof ShiftedConvolution shifted
            && shifted.stride() == 1
            && shifted.kernelHeight() > 1);
  }

  private static Figure of(MapGroups groups, int node, Node.Applied applied) {
    List<Panel> panels = new ArrayList<>();
    Set<Place> places = new HashSet<>();
    for (MapGroup group : groups.ofNode(node)) {
      int maps = group.maps().size();
      String caption = maps + (maps == 1 ? " map" : " maps");
      panels.add(panel(groups, group, caption, places, tap -> tap.input() == 0));
      if (!applied.ownTaps().isEmpty()) {
        panels.add(panel(groups, group, caption + " of itself", places, Tap::isOwn));
      }
    }
    if (places.isEmpty()) {
      throw new IllegalArgumentException(
          "layer " + applied.name() + " reads nothing at fixed distances, so it has no kernel");
    }
    String title = applied.name() + ": " + NodeText.kind(applied);
    return new KernelPicture(title, panels, places).draw();
  }

  private static Panel panel(
      MapGroups groups, MapGroup group, String caption, Set<Place> places, Predicate<Tap> shown) {
    Map<Integer, Map<Integer, Integer>> counts = new TreeMap<>();
    for (MapGroup.Edge edge : group.edges()) {
      Place place = shown.test(edge.tap()) ? place(edge.tap().positions()) : null;
      if (place != null) {
        places.add(place);
        if (isReadInTheMiddle(edge.tap().positions(), groups.node(group))) {
          counts
              .computeIfAbsent(place.row(), r -> new TreeMap<>())
              .merge(place.column(), groups.get(edge.source()).maps().size(), Integer::sum);
        }
      }
    }
    return new Panel(caption, counts);
  }

  private static @Nullable Place place(Footprint positions) {
    if (positions instanceof PositionMap.Offset offset) {
      return new Place(offset.rows(), offset.columns());
    }
    return positions instanceof PositionMap.Earlier earlier
        ? new Place(earlier.rows(), earlier.columns())
        : null;
  }

  /** What is read only where it is earlier is shown as the pixel in the middle reads it. */
  private static boolean isReadInTheMiddle(Footprint positions, Node node) {
    return !(positions instanceof PositionMap.Earlier earlier)
        || earlier.source(node.shape().height() / 2, node.shape().width() / 2) != PositionMap.NONE;
  }

  private Figure draw() {
    int shown = Math.min(MOST_PANELS, panels.size());
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
    canvas.fill(top, left, rows * cell + 1, columns * cell + 1, Palette.LINE);
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        int read = panel.at(r - halfHeight, c - halfWidth);
        int colour = read == 0 ? Palette.LATER : Palette.shade(Palette.SEEN, (double) read / most);
        canvas.fill(top + 1 + r * cell, left + 1 + c * cell, cell - 1, cell - 1, colour);
      }
    }
    canvas.frame(
        top + halfHeight * cell, left + halfWidth * cell, cell + 1, cell + 1, 3, Palette.ITSELF);
  }

  private Legend legend() {
    Legend legend = new Legend().add(Palette.ITSELF, "its own position (frame)");
    panels.stream()
        .flatMap(p -> p.counts().values().stream())
        .flatMap(columns -> columns.values().stream())
        .distinct()
        .sorted((a, b) -> b - a)
        .limit(4)
        .forEach(
            count ->
                legend.add(
                    Palette.shade(Palette.SEEN, (double) count / most),
                    "reads " + count + (count == 1 ? " map" : " maps")));
    return legend.add(Palette.LATER, "not read");
  }
}
