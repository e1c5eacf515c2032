package io.weft.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.define.Definition;
import io.weft.graph.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** A seed stands for one graph, also when layers are added to the library. */
class RandomGraphsTest {

  /** Who adds a layer adds it to {@link LayerSamples}; these numbers stay. */
  @Test
  void seedsKeepTheirGraphs() {
    assertEquals(-856365093, digest(RandomGraphs::of), "RandomGraphs.of");
    assertEquals(-1209994459, digest(RandomGraphs::ordered), "RandomGraphs.ordered");
  }

  private static int digest(LongFunction<Definition> graphs) {
    return LongStream.range(0, 100)
        .mapToObj(graphs)
        .map(RandomGraphsTest::text)
        .toList()
        .hashCode();
  }

  /** Names, sizes and edges: what a layer is called in Java may change. */
  private static String text(Definition definition) {
    return definition.graph().nodes().stream()
        .map(node -> node.name() + " " + node.shape() + " " + node.inputs())
        .collect(Collectors.joining("\n", definition.distribution() + "\n", ""));
  }

  /** A guest is in its graphs, in different places, and follows orders where it can. */
  @Test
  void guestsHaveTheirPart() {
    List<String> ordered = new ArrayList<>();
    for (LayerSample sample : LayerSamples.all()) {
      Definition one = RandomGraphs.with(sample, 1);
      assertTrue(uses(one, sample), () -> sample + " is not in " + text(one));
      assertEquals(one, RandomGraphs.with(sample, 1));
      assertNotEquals(text(one), text(RandomGraphs.with(sample, 2)));
      if (one.name().startsWith("ordered")) {
        ordered.add(sample.layer().getClass().getSimpleName());
      }
    }
    assertTrue(
        ordered.containsAll(List.of("CausalAttention", "EarlierSum", "Before")), "" + ordered);
  }

  private static boolean uses(Definition definition, LayerSample sample) {
    return definition.graph().nodes().stream()
        .anyMatch(n -> n instanceof Node.Applied a && a.layer().equals(sample.layer()));
  }
}
