package io.weft.graph;

import io.weft.internal.Seam;
import io.weft.layer.FromRaster;
import io.weft.layer.Layer;
import io.weft.layer.ToRaster;
import io.weft.order.Orders;
import java.util.ArrayList;
import java.util.List;

/**
 * Which nodes of a graph lie turned to raster order, between {@link ToRaster} and {@link
 * FromRaster}: for the layers that read them the order is raster order.
 */
@Seam
public final class Turning {

  private final Orders orders;
  private final List<Node> nodes = new ArrayList<>();
  private final List<Boolean> turned = new ArrayList<>();

  /** Starts with no nodes, of a graph with these orders. */
  public Turning(Orders orders) {
    this.orders = orders;
  }

  /** Adds the next node, which comes after what it reads. */
  public void add(Node node) {
    nodes.add(node);
    turned.add(
        node instanceof Node.Applied applied
            && !(applied.layer() instanceof FromRaster)
            && (applied.layer() instanceof ToRaster || isAnyTurned(applied.inputs())));
  }

  private boolean isAnyTurned(List<Integer> inputs) {
    return !orders.rasterAlone() && inputs.stream().anyMatch(turned::get);
  }

  /** Returns whether a node lies turned, as its positions are no pixels then. */
  public boolean isTurned(int node) {
    return turned.get(node) && !orders.rasterAlone();
  }

  /**
   * Returns the orders that a layer follows.
   *
   * @param inputs indices of the nodes that it reads
   * @throws IllegalArgumentException if some of them lie turned, and some as the image does
   */
  public Orders orders(Layer layer, List<Integer> inputs) {
    if (!isAnyTurned(inputs)) {
      return orders;
    }
    for (int input : inputs) {
      if (!turned.get(input) && !nodes.get(input).shape().isGlobal()) {
        throw new IllegalArgumentException(
            nodes.get(input).name()
                + " lies as the image does, but other inputs are turned to raster order; apply"
                + " ToRaster to it too, or FromRaster to the others");
      }
    }
    return layer instanceof FromRaster
        ? orders
        : Orders.raster(orders.current().height(), orders.current().width());
  }
}
