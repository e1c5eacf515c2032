package io.weft.spark;

import io.weft.define.Definition;
import io.weft.order.GenerationOrder;
import io.weft.spec.ImageSpec;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One of some orders for which a program is compiled: all of them decide TensorFlow's last digits,
 * so that a worker has to compile for those that one process compiles for.
 *
 * @param positions the positions of each
 * @param index which it is
 */
record InOrder(ArrayList<int[]> positions, int index) implements Serializable {

  /**
   * Returns an order as a model scores in it.
   *
   * @throws io.weft.spec.DefinitionException if the model is not causal under it
   */
  static InOrder of(Definition definition, GenerationOrder order) {
    List<GenerationOrder> declared = definition.orders();
    return !order.equals(definition.order()) && declared.contains(order)
        ? each(definition, declared).get(declared.indexOf(order))
        : each(definition, List.of(order)).get(0);
  }

  /**
   * Returns each of some orders as a model scores in them together.
   *
   * @throws io.weft.spec.DefinitionException if the model is not causal under one of them, or one
   *     program cannot serve them
   */
  static List<InOrder> each(Definition definition, List<GenerationOrder> orders) {
    definition.serving(orders);
    ArrayList<int[]> positions = new ArrayList<>();
    orders.forEach(order -> positions.add(order.positions()));
    return IntStream.range(0, orders.size()).mapToObj(i -> new InOrder(positions, i)).toList();
  }

  /** Returns all orders, for images of the model that they were made for. */
  List<GenerationOrder> orders(ImageSpec image) {
    return positions.stream()
        .map(each -> GenerationOrder.of(image.height(), image.width(), each))
        .toList();
  }
}
