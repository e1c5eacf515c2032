package io.weft.graph;

import io.weft.distribution.Distribution;
import io.weft.expression.Parameter;
import io.weft.expression.Tap;
import io.weft.internal.Seam;
import io.weft.order.GenerationOrder;
import io.weft.order.Orders;
import io.weft.spec.Condition;
import io.weft.spec.ImageSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * A layer graph as data: nodes in an order in which every node comes after what it reads, and the
 * node whose maps parametrise the distribution. Not yet proven causal.
 *
 * @param name the name of the model
 * @param image the images
 * @param orders the order in which pixels are generated, and those that the weights are for
 * @param nodes the nodes; the first one is the image
 * @param output the index of the node that gives the distribution's parameters
 * @param distribution the distribution of one colour value
 */
public record LayerGraph(
    String name,
    ImageSpec image,
    Orders orders,
    List<Node> nodes,
    int output,
    Distribution distribution) {

  /** Freezes the list. */
  public LayerGraph {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(image, "image");
    Objects.requireNonNull(orders, "orders").checkSize(image.height(), image.width());
    Objects.requireNonNull(distribution, "distribution");
    nodes = List.copyOf(nodes);
  }

  /** Returns the order in which pixels are generated. */
  public GenerationOrder order() {
    return orders.current();
  }

  /** Returns the output node. */
  public Node outputNode() {
    return nodes.get(output);
  }

  /** Returns the conditions, in the order of declaration. */
  public List<Condition> conditions() {
    return nodes.stream()
        .filter(Node.Given.class::isInstance)
        .map(n -> ((Node.Given) n).condition())
        .toList();
  }

  /** Returns the index of the node that a layer reads by a tap: an input, or the layer itself. */
  public int source(int layer, Tap tap) {
    return tap.isOwn() ? layer : nodes.get(layer).inputs().get(tap.input());
  }

  /** Returns which nodes lie turned to raster order. */
  @Seam
  public Turning turning() {
    Turning turning = new Turning(orders);
    nodes.forEach(turning::add);
    return turning;
  }

  /** Returns the layers whose positions are pixels: on a grid of the images' height and width. */
  public List<Node.Applied> layersOnPixels() {
    Turning turning = turning();
    return IntStream.range(0, nodes.size())
        .filter(n -> !turning.isTurned(n))
        .mapToObj(nodes::get)
        .filter(Node.Applied.class::isInstance)
        .map(Node.Applied.class::cast)
        .filter(layer -> layer.shape().sameGrid(nodes.get(0).shape()))
        .toList();
  }

  /** Returns the layers that read their own output, and that the output depends on. */
  public List<Node.Applied> recurrences() {
    boolean[] live = live();
    return IntStream.range(0, live.length)
        .filter(n -> live[n])
        .mapToObj(nodes::get)
        .filter(Node.Applied.class::isInstance)
        .map(Node.Applied.class::cast)
        .filter(layer -> !layer.ownTaps().isEmpty())
        .toList();
  }

  /** Returns, for each node, whether the output depends on it. */
  public boolean[] live() {
    boolean[] live = new boolean[nodes.size()];
    live[output] = true;
    for (int i = output; i >= 0; i--) {
      if (live[i]) {
        nodes.get(i).sources().forEach(j -> live[j] = true);
      }
    }
    return live;
  }

  /**
   * Returns the parameters of all layers that the output depends on, by full name, in the order of
   * the nodes.
   */
  public Map<String, Parameter> parameters() {
    Map<String, Parameter> all = new LinkedHashMap<>();
    boolean[] live = live();
    for (int i = 0; i < nodes.size(); i++) {
      if (live[i] && nodes.get(i) instanceof Node.Applied applied) {
        applied.parameters().forEach(p -> all.put(applied.fullName(p), p));
      }
    }
    return all;
  }
}
