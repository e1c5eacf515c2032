package io.weft.exchange;

import io.weft.define.Definition;
import io.weft.expression.Parameter;
import io.weft.graph.LayerGraph;
import io.weft.graph.Node;
import io.weft.layer.Layer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A parameter of a model and the layer that it belongs to, which says what its numbers mean.
 *
 * @param layerName the full name of the layer
 * @param layer the layer
 * @param parameter the parameter
 */
record ParameterPlace(String layerName, Layer layer, Parameter parameter) {

  /** Returns all parameters of a model by full name, in its order. */
  static Map<String, ParameterPlace> all(Definition definition) {
    LayerGraph graph = definition.graph();
    boolean[] live = graph.live();
    Map<String, ParameterPlace> all = new LinkedHashMap<>();
    for (int i = 0; i < live.length; i++) {
      if (live[i] && graph.nodes().get(i) instanceof Node.Applied node) {
        node.parameters()
            .forEach(
                p -> all.put(node.fullName(p), new ParameterPlace(node.name(), node.layer(), p)));
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
