package io.weft.exchange;

import io.weft.define.Definition;
import io.weft.expression.Parameter;
import io.weft.expression.Shape;
import io.weft.graph.LayerGraph;
import io.weft.graph.Node;
import io.weft.graph.Turning;
import io.weft.layer.Inputs;
import io.weft.layer.Layer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A parameter of a model and the layer that it belongs to, which says what its numbers mean.
 *
 * @param layerName the full name of the layer
 * @param layer the layer
 * @param inputs what it is applied to
 * @param parameter the parameter
 */
record ParameterPlace(String layerName, Layer layer, Inputs inputs, Parameter parameter) {

  /** Returns all parameters of a model by full name, in its order. */
  static Map<String, ParameterPlace> all(Definition definition) {
    LayerGraph graph = definition.graph();
    boolean[] live = graph.live();
    Turning turning = graph.turning();
    Map<String, ParameterPlace> all = new LinkedHashMap<>();
    for (int i = 0; i < live.length; i++) {
      if (live[i] && graph.nodes().get(i) instanceof Node.Applied node) {
        List<Shape> shapes = node.inputs().stream().map(n -> graph.nodes().get(n).shape()).toList();
        Inputs inputs =
            new Inputs(shapes, Optional.of(turning.orders(node.layer(), node.inputs())));
        for (Parameter parameter : node.parameters()) {
          all.put(
              node.fullName(parameter),
              new ParameterPlace(node.name(), node.layer(), inputs, parameter));
        }
      }
    }
    return all;
  }

  /** Returns the full name. */
  String name() {
    return layerName + "/" + parameter.name();
  }

  /** Returns name and sizes, such as "conv1x1/kernel [8, 16]". */
  String inWords() {
    return name() + " " + parameter.dimensions();
  }
}
