package io.weft.prove;

import io.weft.expression.Shape;
import io.weft.graph.LayerGraph;
import io.weft.graph.Node;
import io.weft.layer.Inputs;
import io.weft.layer.Layer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Applies changes to a graph, so that remedies can be tried. */
final class Rewiring {

  private final LayerGraph graph;
  private final Map<String, Layer> replaced = new LinkedHashMap<>();
  private final List<Remedy.Through> through = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();

  private Rewiring(LayerGraph graph, List<Remedy.Change> changes) {
    this.graph = graph;
    for (Remedy.Change change : changes) {
      if (change instanceof Remedy.Replace replace) {
        replaced.put(replace.layer(), replace.by());
      } else if (change instanceof Remedy.Through between) {
        through.add(between);
      } else {
        throw new IllegalArgumentException("only a layer itself can leave a place out: " + change);
      }
    }
  }

  /**
   * Returns the graph with other layers, and layers between.
   *
   * @throws IllegalArgumentException if shapes do not fit, or a change is a place left out
   */
  static LayerGraph of(LayerGraph graph, List<Remedy.Change> changes) {
    return new Rewiring(graph, changes).apply();
  }

  private LayerGraph apply() {
    int[] moved = new int[graph.nodes().size()];
    for (int n = 0; n < moved.length; n++) {
      Node node = graph.nodes().get(n);
      if (node instanceof Node.Applied applied) {
        node = rewired(applied, moved);
      }
      moved[n] = nodes.size();
      nodes.add(node);
    }
    return new LayerGraph(
        graph.name(),
        graph.image(),
        graph.orders(),
        nodes,
        moved[graph.output()],
        graph.distribution());
  }

  private Node rewired(Node.Applied old, int[] moved) {
    List<Integer> inputs = new ArrayList<>();
    for (int source : old.inputs()) {
      inputs.add(between(old.name(), graph.nodes().get(source).name(), moved[source]));
    }
    Layer layer = replaced.getOrDefault(old.name(), old.layer());
    List<Shape> before = old.inputs().stream().map(i -> graph.nodes().get(i).shape()).toList();
    return layer.equals(old.layer()) && shapes(inputs).equals(before)
        ? new Node.Applied(old.name(), layer, inputs, old.shape(), old.expression())
        : applied(old.name(), layer, inputs);
  }

  private int between(String reader, String source, int input) {
    int last = input;
    for (Remedy.Through change : through) {
      if (change.layer().equals(reader) && change.source().equals(source)) {
        nodes.add(applied(reader + "/" + nodes.size(), change.between(), List.of(last)));
        last = nodes.size() - 1;
      }
    }
    return last;
  }

  private Node.Applied applied(String name, Layer layer, List<Integer> inputs) {
    Inputs read = new Inputs(shapes(inputs), Optional.of(graph.orders()));
    return Node.Applied.of(name, layer, inputs, read);
  }

  private List<Shape> shapes(List<Integer> inputs) {
    return inputs.stream().map(i -> nodes.get(i).shape()).toList();
  }
}
