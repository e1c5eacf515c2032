package io.weft.prove;

import io.weft.expression.Shape;
import io.weft.graph.LayerGraph;
import io.weft.graph.Node;
import io.weft.graph.Turning;
import io.weft.layer.Add;
import io.weft.layer.Inputs;
import io.weft.layer.Layer;
import io.weft.order.GenerationOrder;
import io.weft.order.Orders;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Applies changes to a graph, so that remedies can be tried. */
final class Rewiring {

  private final LayerGraph graph;
  private final Orders orders;
  private final Map<String, Layer> replaced = new LinkedHashMap<>();
  private final List<Remedy.Through> through = new ArrayList<>();
  private final List<Remedy.LeaveOut> leftOut = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private final Turning turning;

  private Rewiring(LayerGraph graph, Orders orders, List<Remedy.Change> changes) {
    this.graph = graph;
    this.orders = orders;
    this.turning = new Turning(orders);
    for (Remedy.Change change : changes) {
      if (change instanceof Remedy.Replace replace) {
        replaced.put(replace.layer(), replace.by());
      } else if (change instanceof Remedy.Through between) {
        through.add(between);
      } else {
        leftOut.add((Remedy.LeaveOut) change);
      }
    }
  }

  /**
   * Returns the graph with other layers, layers between, and sums without a summand.
   *
   * @throws IllegalArgumentException if shapes do not fit, a condition is read no more, or a layer
   *     that is no sum should leave a place out
   */
  static LayerGraph of(LayerGraph graph, List<Remedy.Change> changes) {
    return under(graph, graph.order(), changes);
  }

  /** Returns the same under another order. */
  static LayerGraph under(LayerGraph graph, GenerationOrder order, List<Remedy.Change> changes) {
    Orders orders = order.equals(graph.order()) ? graph.orders() : graph.orders().under(order);
    return new Rewiring(graph, orders, changes).apply();
  }

  private LayerGraph apply() {
    int[] moved = new int[graph.nodes().size()];
    for (int n = 0; n < moved.length; n++) {
      Node node = graph.nodes().get(n);
      if (node instanceof Node.Applied applied) {
        node = rewired(applied, moved);
      }
      moved[n] = nodes.size();
      add(node);
    }
    LayerGraph changed =
        new LayerGraph(
            graph.name(),
            graph.image(),
            orders,
            nodes,
            moved[graph.output()],
            graph.distribution());
    if (!changed.outputNode().shape().equals(graph.outputNode().shape())
        || !conditionsRead(changed).equals(conditionsRead(graph))) {
      throw new IllegalArgumentException("the output is another, or a condition is not read");
    }
    return changed;
  }

  private void add(Node node) {
    nodes.add(node);
    turning.add(node);
  }

  private static List<Node> conditionsRead(LayerGraph graph) {
    boolean[] live = graph.live();
    return IntStream.range(0, live.length)
        .filter(n -> live[n])
        .mapToObj(graph.nodes()::get)
        .filter(Node.Given.class::isInstance)
        .toList();
  }

  private Node rewired(Node.Applied old, int[] moved) {
    List<Integer> inputs = new ArrayList<>();
    for (int source : old.inputs()) {
      String read = graph.nodes().get(source).name();
      if (!isLeftOut(old, read)) {
        inputs.add(between(old.name(), read, moved[source]));
      }
    }
    Layer layer = replaced.getOrDefault(old.name(), old.layer());
    List<Shape> before = old.inputs().stream().map(i -> graph.nodes().get(i).shape()).toList();
    return layer.equals(old.layer())
            && orders.equals(graph.orders())
            && shapes(inputs).equals(before)
        ? new Node.Applied(old.name(), layer, inputs, old.shape(), old.expression())
        : applied(old.name(), layer, inputs);
  }

  private boolean isLeftOut(Node.Applied reader, String source) {
    boolean left =
        leftOut.stream()
            .anyMatch(l -> l.layer().equals(reader.name()) && l.source().equals(source));
    if (left && !(reader.layer() instanceof Add)) {
      throw new IllegalArgumentException("only " + reader.name() + " itself can read less");
    }
    return left;
  }

  private int between(String reader, String source, int input) {
    int last = input;
    for (Remedy.Through change : through) {
      if (change.layer().equals(reader) && change.source().equals(source)) {
        add(applied(reader + "/" + nodes.size(), change.between(), List.of(last)));
        last = nodes.size() - 1;
      }
    }
    return last;
  }

  private Node.Applied applied(String name, Layer layer, List<Integer> inputs) {
    Inputs read = new Inputs(shapes(inputs), Optional.of(turning.orders(layer, inputs)));
    return Node.Applied.of(name, layer, inputs, read);
  }

  private List<Shape> shapes(List<Integer> inputs) {
    return inputs.stream().map(i -> nodes.get(i).shape()).toList();
  }
}
