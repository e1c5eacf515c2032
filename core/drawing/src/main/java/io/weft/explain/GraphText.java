package io.weft.explain;

import io.weft.define.Definition;
import io.weft.graph.LayerGraph;
import io.weft.graph.Node;

/**
 * The layer graph of a model as text for drawing programs, blocks as boxes around their layers. A
 * layer that reads its own output has an edge to itself. Layers that reach no output are dashed.
 */
public final class GraphText {

  private final LayerGraph graph;
  private final boolean[] live;
  private final Language language;
  private final StringBuilder text = new StringBuilder();
  private int blocks;

  private GraphText(LayerGraph graph, Language language) {
    this.graph = graph;
    this.live = graph.live();
    this.language = language;
  }

  /** Returns a Mermaid flow chart. */
  public static String mermaid(Definition definition) {
    return new GraphText(definition.graph(), new Mermaid()).draw();
  }

  /** Returns a digraph in Graphviz's DOT language. */
  public static String dot(Definition definition) {
    return new GraphText(definition.graph(), new Dot()).draw();
  }

  /** How a drawing program wants it said. Ids are letters and digits; words may be anything. */
  interface Language {
    String open(String title);

    String openBlock(String id, String title);

    String closeBlock();

    String node(String id, Style style, String name, String kind, String shape);

    String edge(String from, String to);

    String close();
  }

  /** What kind of node is drawn. */
  enum Style {
    /** The image or a condition. */
    GIVEN,
    /** A layer. */
    LAYER,
    /** The layer whose maps parametrise the distribution. */
    OUTPUT,
    /** A layer that reaches no output. */
    DEAD
  }

  private String draw() {
    text.append(language.open(graph.name()));
    block(Block.of(graph), 1);
    for (int i = 0; i < graph.nodes().size(); i++) {
      for (int input : graph.nodes().get(i).inputs()) {
        line(1, language.edge("n" + input, "n" + i));
      }
      if (graph.nodes().get(i) instanceof Node.Applied layer && !layer.ownTaps().isEmpty()) {
        line(1, language.edge("n" + i, "n" + i));
      }
    }
    return text.append(language.close()).toString();
  }

  private void block(Block block, int depth) {
    for (int i : block.nodes()) {
      Node node = graph.nodes().get(i);
      line(
          depth,
          language.node(
              "n" + i,
              style(i),
              Block.shortName(node.name()),
              NodeText.kind(node),
              node.shape().toString()));
    }
    for (Block child : block.children()) {
      line(depth, language.openBlock("b" + blocks++, child.name()));
      block(child, depth + 1);
      line(depth, language.closeBlock());
    }
  }

  private Style style(int node) {
    if (!(graph.nodes().get(node) instanceof Node.Applied)) {
      return Style.GIVEN;
    }
    if (node == graph.output()) {
      return Style.OUTPUT;
    }
    return live[node] ? Style.LAYER : Style.DEAD;
  }

  private void line(int depth, String line) {
    text.append("  ".repeat(depth)).append(line).append('\n');
  }
}
