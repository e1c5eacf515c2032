package io.weft.explain;

import io.weft.define.Definition;
import io.weft.expression.Shape;
import io.weft.graph.LayerGraph;
import io.weft.graph.Node;
import io.weft.layer.CausalConvolution;
import io.weft.layer.Layer;
import io.weft.layer.MaskType;
import io.weft.layer.ShiftedConvolution;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.eclipse.elk.alg.layered.LayeredLayoutProvider;
import org.eclipse.elk.core.data.LayoutMetaDataService;
import org.eclipse.elk.core.math.ElkPadding;
import org.eclipse.elk.core.options.CoreOptions;
import org.eclipse.elk.core.options.Direction;
import org.eclipse.elk.core.options.EdgeRouting;
import org.eclipse.elk.core.options.HierarchyHandling;
import org.eclipse.elk.core.util.BasicProgressMonitor;
import org.eclipse.elk.graph.ElkBendPoint;
import org.eclipse.elk.graph.ElkEdge;
import org.eclipse.elk.graph.ElkEdgeSection;
import org.eclipse.elk.graph.ElkNode;
import org.eclipse.elk.graph.util.ElkGraphUtil;

/**
 * The layer graph of a model as a vector picture, laid out in layers from the image down to the
 * output (Sugiyama's method, by the Eclipse Layout Kernel). Blocks are boxes around their layers;
 * causal convolutions have a colour for each mask type; a layer that reads its own output has a
 * line back to itself. For other drawing programs see {@link GraphText}.
 */
public final class LayerDiagram {

  private static final int LINE = 15;
  private static final int LETTER = 7;
  private static final int PADDING = 8;
  private static final int TITLE = 22;

  private static final String STYLE =
      """
      <style>
      .weft-graph { font: 12px sans-serif; --weft-ink: #1c2733; --weft-ground: #ffffff; --weft-line: #7b8794; \
      --weft-block: #f3f5f7; --weft-a: #ffe0cc; --weft-b: #d5e8f7; --weft-shifted: #d9f0e3; --weft-given: #ececec; }
      @media (prefers-color-scheme: dark) { .weft-graph { --weft-ink: #e9edf1; --weft-ground: #19222c; --weft-line: #8a97a4; \
      --weft-block: #202b37; --weft-a: #5c3317; --weft-b: #173f5f; --weft-shifted: #1d4a35; --weft-given: #39424d; } }
      .weft-graph text { fill: var(--weft-ink); }
      .weft-graph .name { font-weight: bold; }
      .weft-graph .node rect { fill: var(--weft-ground); stroke: var(--weft-line); }
      .weft-graph .type-a rect { fill: var(--weft-a); }
      .weft-graph .type-b rect { fill: var(--weft-b); }
      .weft-graph .shifted rect { fill: var(--weft-shifted); }
      .weft-graph .given rect { fill: var(--weft-given); }
      .weft-graph .output rect { stroke-width: 3; }
      .weft-graph .dead rect { stroke-dasharray: 4 4; }
      .weft-graph .block { fill: var(--weft-block); stroke: var(--weft-line); }
      .weft-graph .edge { fill: none; stroke: var(--weft-line); stroke-width: 1.2; marker-end: url(#weft-arrow); }
      .weft-graph marker path { fill: var(--weft-line); }
      </style>
      <defs><marker id="weft-arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" \
      orient="auto"><path d="M0 0 8 4 0 8z"/></marker></defs>
      """;

  static {
    // All that is needed of the library's registry, which asks every jar there is for algorithms.
    LayoutMetaDataService.initElkReflect();
  }

  private final LayerGraph graph;
  private final boolean[] live;
  private final ElkNode root = ElkGraphUtil.createGraph();

  /** For each node the box that stands for it: its own, or that of its block. */
  private final ElkNode[] boxes;

  private final List<Box> drawn = new ArrayList<>();
  private final Set<List<ElkNode>> joined = new HashSet<>();
  private final StringBuilder svg = new StringBuilder();

  /** What is drawn in a box. */
  private record Box(ElkNode place, String title, String look, List<String> lines) {}

  private LayerDiagram(LayerGraph graph) {
    this.graph = graph;
    this.live = graph.live();
    this.boxes = new ElkNode[graph.nodes().size()];
  }

  /** Returns an SVG document of all layers, which can stand within HTML as it is. */
  public static String svg(Definition definition) {
    LayerDiagram diagram = new LayerDiagram(definition.graph());
    diagram.add(Block.of(diagram.graph), diagram.root);
    return diagram.draw(definition.name());
  }

  /**
   * Returns an SVG document of the outermost blocks, each one box, and the layers between them: of
   * a model with hundreds of layers the picture that can be taken in.
   */
  public static String ofBlocks(Definition definition) {
    LayerDiagram diagram = new LayerDiagram(definition.graph());
    Block all = Block.of(diagram.graph);
    all.nodes().forEach(node -> diagram.add(node, diagram.root));
    all.children().forEach(diagram::addAsOne);
    return diagram.draw(definition.name());
  }

  private void arrange() {
    options(root);
    for (int i = 0; i < boxes.length; i++) {
      for (int input : graph.nodes().get(i).inputs()) {
        join(boxes[input], boxes[i]);
      }
    }
    LayeredLayoutProvider layered = new LayeredLayoutProvider();
    layered.initialize(null);
    layered.layout(root, new BasicProgressMonitor());
    layered.dispose();
  }

  /** One line between two boxes is enough, and none within one. */
  private void join(ElkNode from, ElkNode to) {
    if (from != to && joined.add(List.of(from, to))) {
      ElkGraphUtil.createSimpleEdge(from, to);
    }
  }

  private static void options(ElkNode of) {
    of.setProperty(CoreOptions.HIERARCHY_HANDLING, HierarchyHandling.INCLUDE_CHILDREN);
    of.setProperty(CoreOptions.DIRECTION, Direction.DOWN);
    of.setProperty(CoreOptions.EDGE_ROUTING, EdgeRouting.ORTHOGONAL);
    of.setProperty(CoreOptions.SPACING_NODE_NODE, 18.0);
    // The same graph must give the same picture.
    of.setProperty(CoreOptions.RANDOM_SEED, 1);
  }

  private void add(Block block, ElkNode within) {
    block.nodes().forEach(node -> add(node, within));
    for (Block child : block.children()) {
      ElkNode box = ElkGraphUtil.createNode(within);
      box.setIdentifier(child.name());
      options(box);
      box.setProperty(CoreOptions.PADDING, new ElkPadding(TITLE, PADDING, PADDING, PADDING));
      add(child, box);
    }
  }

  private void add(int number, ElkNode within) {
    Node node = graph.nodes().get(number);
    boxes[number] = box(within, node.name(), look(number), lines(node));
    if (node instanceof Node.Applied layer && !layer.ownTaps().isEmpty()) {
      ElkGraphUtil.createSimpleEdge(boxes[number], boxes[number]);
    }
  }

  private void addAsOne(Block block) {
    List<Integer> all = block.all();
    Shape shape = graph.nodes().get(all.get(all.size() - 1)).shape();
    List<String> lines = List.of(block.name(), all.size() + " layers", shape.toString());
    ElkNode box = box(root, block.name(), "plain", lines);
    all.forEach(node -> boxes[node] = box);
  }

  private ElkNode box(ElkNode within, String title, String look, List<String> lines) {
    ElkNode box = ElkGraphUtil.createNode(within);
    int widest = lines.stream().mapToInt(String::length).max().orElse(0);
    box.setDimensions(widest * LETTER + 2.0 * PADDING, lines.size() * LINE + 2.0 * PADDING);
    drawn.add(new Box(box, title, look, lines));
    return box;
  }

  private static List<String> lines(Node node) {
    String name = Block.shortName(node.name());
    String kind = NodeText.kind(node);
    return kind.equals(name)
        ? List.of(name, node.shape().toString())
        : List.of(name, kind, node.shape().toString());
  }

  private String draw(String name) {
    arrange();
    svg.append(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"weft-graph\" viewBox=\"0 0 %.0f"
                + " %.0f\" width=\"%.0f\" height=\"%.0f\" role=\"img\">\n"
                + "<title>Layer graph of %s</title>\n<desc>%d layers and %d connections, from the"
                + " image at the top to the output.</desc>\n",
            root.getWidth(),
            root.getHeight(),
            root.getWidth(),
            root.getHeight(),
            Markup.escaped(name),
            graph.nodes().stream().filter(Node.Applied.class::isInstance).count(),
            graph.nodes().stream().mapToInt(node -> node.inputs().size()).sum()));
    svg.append(STYLE);
    blocks(root, 0, 0);
    edges(root, 0, 0);
    drawn.forEach(this::draw);
    return svg.append("</svg>\n").toString();
  }

  /** Positions are relative to what a node lies in. */
  private void blocks(ElkNode within, double left, double top) {
    for (ElkNode block : within.getChildren()) {
      if (!block.getChildren().isEmpty()) {
        double x = left + block.getX();
        double y = top + block.getY();
        svg.append(
            String.format(
                Locale.ROOT,
                "<rect class=\"block\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\""
                    + " rx=\"6\"/><text x=\"%.1f\" y=\"%.1f\">%s</text>\n",
                x,
                y,
                block.getWidth(),
                block.getHeight(),
                x + PADDING,
                y + LINE,
                Markup.escaped(block.getIdentifier())));
        blocks(block, x, y);
      }
    }
  }

  private void edges(ElkNode within, double left, double top) {
    for (ElkEdge edge : within.getContainedEdges()) {
      for (ElkEdgeSection section : edge.getSections()) {
        svg.append("<path class=\"edge\" d=\"M");
        point(left + section.getStartX(), top + section.getStartY());
        for (ElkBendPoint bend : section.getBendPoints()) {
          point(left + bend.getX(), top + bend.getY());
        }
        point(left + section.getEndX(), top + section.getEndY());
        svg.append("\"/>\n");
      }
    }
    for (ElkNode child : within.getChildren()) {
      edges(child, left + child.getX(), top + child.getY());
    }
  }

  private void point(double x, double y) {
    svg.append(String.format(Locale.ROOT, "%.1f %.1f ", x, y));
  }

  private void draw(Box what) {
    ElkNode box = what.place();
    double x = box.getX();
    double y = box.getY();
    for (ElkNode around = box.getParent(); around != root; around = around.getParent()) {
      x += around.getX();
      y += around.getY();
    }
    svg.append(
        String.format(
            Locale.ROOT,
            "<g class=\"node %s\"><title>%s</title><rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\""
                + " height=\"%.1f\" rx=\"4\"/>",
            what.look(),
            Markup.escaped(what.title()),
            x,
            y,
            box.getWidth(),
            box.getHeight()));
    int line = 0;
    for (String words : what.lines()) {
      svg.append(
          String.format(
              Locale.ROOT,
              "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\"%s>%s</text>",
              x + box.getWidth() / 2,
              y + PADDING + (line + 0.8) * LINE,
              line == 0 ? " class=\"name\"" : "",
              Markup.escaped(words)));
      line++;
    }
    svg.append("</g>\n");
  }

  private String look(int number) {
    String look =
        graph.nodes().get(number) instanceof Node.Applied applied ? look(applied.layer()) : "given";
    if (number == graph.output()) {
      return look + " output";
    }
    return live[number] ? look : look + " dead";
  }

  private static String look(Layer layer) {
    if (layer instanceof CausalConvolution convolution) {
      return convolution.type() == MaskType.A ? "type-a" : "type-b";
    }
    return layer instanceof ShiftedConvolution ? "shifted" : "plain";
  }
}
