package io.weft.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.example.Recurrence;
import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.expression.Expression;
import io.weft.expression.Shape;
import io.weft.graph.Node;
import io.weft.layer.CausalConvolution;
import io.weft.layer.Inputs;
import io.weft.layer.Layer;
import io.weft.layer.MaskType;
import io.weft.model.GatedPixelCnn;
import io.weft.model.PixelCnn;
import io.weft.spec.ImageSpec;
import org.junit.jupiter.api.Test;

class GraphTextTest {

  private static final ImageSpec GREY = new ImageSpec(7, 7, 1, 4);

  /** A layer that describes itself in every character that could do harm. */
  record Nasty() implements Layer {
    @Override
    public Shape shape(Inputs inputs) {
      return inputs.only();
    }

    @Override
    public Expression compute(Inputs inputs) {
      return inputs.read(0);
    }

    @Override
    public String summary() {
      return "a \"quoted\" \\ [thing]; <b>|{x}</b>\n--> end # %%";
    }
  }

  private static Definition nasty() {
    ModelBuilder model = ModelBuilder.of("nasty", GREY);
    var x = model.image().apply("end", CausalConvolution.square(4, 3, MaskType.A));
    x.apply("dead", new Nasty());
    return model.softmax(x.apply("subgraph", new Nasty()));
  }

  @Test
  void everyNodeAndEdgeIsDrawn() {
    Definition definition = GatedPixelCnn.classConditional(GREY, 3, 2, 4, 3);
    String mermaid = GraphText.mermaid(definition);
    String dot = GraphText.dot(definition);
    var nodes = definition.graph().nodes();
    for (int i = 0; i < nodes.size(); i++) {
      for (int input : nodes.get(i).inputs()) {
        assertTrue(mermaid.contains("  n" + input + " --> n" + i + "\n"), mermaid);
        assertTrue(dot.contains("  n" + input + " -> n" + i + ";\n"), dot);
      }
      assertTrue(dot.contains("n" + i + " [label=\""), dot);
    }
    int edges = nodes.stream().mapToInt(n -> n.inputs().size()).sum();
    assertEquals(edges, mermaid.lines().filter(l -> l.contains(" --> ")).count());
    assertEquals(edges, dot.lines().filter(l -> l.contains(" -> ")).count());
  }

  @Test
  void aRecurrenceIsDrawnAsOne() {
    ModelBuilder model = ModelBuilder.of("recurrent", GREY);
    var x = model.image().apply(CausalConvolution.square(4, 3, MaskType.A));
    Definition definition = model.softmax(x.apply("own", Recurrence.of(4, -1, 0)));
    assertTrue(GraphText.mermaid(definition).contains("  n2 --> n2\n"));
    assertTrue(GraphText.dot(definition).contains("  n2 -> n2;\n"));
    String svg = LayerDiagram.svg(definition);
    assertEquals(3, svg.split("<path class=\"edge\"", -1).length - 1, svg);
  }

  @Test
  void blocksAreBoxes() {
    Definition definition = GatedPixelCnn.of(GREY, 2, 4, 3);
    String mermaid = GraphText.mermaid(definition);
    assertTrue(mermaid.contains("subgraph b1[\"block_2\"]"), mermaid);
    assertEquals(4, mermaid.lines().filter(l -> l.strip().equals("end")).count());
    String dot = GraphText.dot(definition);
    assertTrue(dot.contains("subgraph cluster_b3 { label=\"head\";"), dot);
    assertEquals(
        dot.chars().filter(c -> c == '{').count(), dot.chars().filter(c -> c == '}').count());
  }

  @Test
  void outputAndDeadBranchesLookDifferent() {
    String dot = GraphText.dot(nasty());
    assertEquals(1, dot.lines().filter(l -> l.contains("style=dashed")).count());
    assertEquals(1, dot.lines().filter(l -> l.contains("peripheries=2")).count());
    String mermaid = GraphText.mermaid(nasty());
    assertEquals(1, mermaid.lines().filter(l -> l.endsWith("]:::dead")).count());
  }

  @Test
  void wordsAreEscaped() {
    String dot = GraphText.dot(nasty());
    assertTrue(
        dot.contains("a \\\"quoted\\\" \\\\ [thing]; <b>|{x}</b> --> end # %%\\n7x7x4"), dot);
    String mermaid = GraphText.mermaid(nasty());
    for (String line : mermaid.lines().filter(l -> l.contains("quoted")).toList()) {
      assertEquals(2, line.chars().filter(c -> c == '"').count(), line);
      String words = line.substring(line.indexOf('"') + 1, line.lastIndexOf('"'));
      assertTrue(words.contains("a #34;quoted#34; #92; #91;thing#93;"), words);
      assertFalse(words.replace("<br/>", "").matches(".*[<>\\[\\]{}|\\\\].*"), words);
    }
  }

  @Test
  void aDrawingOfASmallModel() {
    assertEquals(
        """
        ---
        title: "small"
        ---
        flowchart TB
          n0(["image<br/>the image<br/>7x7x1"])
          n1[["logits<br/>conv3x3 full, type A<br/>7x7x4"]]
          n0 --> n1
          classDef dead stroke-dasharray: 4 4
        """,
        GraphText.mermaid(small()));
    assertEquals(
        """
        digraph "small" {
          node [shape=box, fontname="sans-serif", fontsize=11];
          graph [fontname="sans-serif", fontsize=12, style=rounded];
          n0 [label="image\\nthe image\\n7x7x1", shape=ellipse];
          n1 [label="logits\\nconv3x3 full, type A\\n7x7x4", peripheries=2];
          n0 -> n1;
        }
        """,
        GraphText.dot(small()));
  }

  private static Definition small() {
    ModelBuilder model = ModelBuilder.of("small", GREY);
    return model.softmax(model.image().apply("logits", CausalConvolution.square(4, 3, MaskType.A)));
  }

  @Test
  void everyNodeIsInItsBlock() {
    Definition definition = PixelCnn.of(GREY, 2, 4, 3);
    long inBlocks =
        Block.of(definition.graph()).children().stream().mapToLong(b -> b.nodes().size()).sum();
    long named =
        definition.graph().nodes().stream().map(Node::name).filter(n -> n.contains("/")).count();
    assertEquals(named, inBlocks);
  }
}
