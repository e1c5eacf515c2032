package io.weft.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.weft.define.Definition;
import io.weft.graph.Condition;
import io.weft.graph.Distribution;
import io.weft.graph.ImageSpec;
import io.weft.graph.LayerGraph;
import io.weft.graph.Node;
import io.weft.layer.DefinitionException;
import io.weft.layer.Layer;
import io.weft.order.GenerationOrder;
import java.util.List;
import java.util.stream.IntStream;

/** Puts a definition into a JSON tree. */
final class DefinitionWriter {

  private final LayerCatalog catalog;
  private final LayerGraph graph;

  DefinitionWriter(LayerCatalog catalog, Definition definition) {
    this.catalog = catalog;
    this.graph = definition.graph();
  }

  ObjectNode tree() {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    tree.put("format", Format.NAME).put("version", Format.VERSION).put("name", graph.name());
    tree.set("image", image(graph.image()));
    tree.set("order", order(graph.order()));
    if (!graph.orders().declared().equals(List.of(graph.order()))) {
      ArrayNode orders = tree.putArray("orders");
      graph.orders().declared().forEach(order -> orders.add(order(order)));
    }
    ArrayNode nodes = tree.putArray("nodes");
    graph.nodes().forEach(node -> add(nodes, node));
    tree.put("output", graph.outputNode().name());
    return tree.set("distribution", distribution(graph.distribution()));
  }

  private static JsonNode distribution(Distribution distribution) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    if (distribution instanceof Distribution.LogisticMixture mixture) {
      return json.objectNode()
          .put("type", Format.LOGISTIC_MIXTURE)
          .put("components", mixture.components());
    }
    return json.textNode(
        distribution instanceof Distribution.Bernoulli ? Format.BERNOULLI : Format.SOFTMAX);
  }

  private static ObjectNode image(ImageSpec image) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("height", image.height())
        .put("width", image.width())
        .put("channels", image.channels())
        .put("levels", image.levels());
  }

  /** A name, or for a permutation its positions. */
  private static JsonNode order(GenerationOrder order) {
    if (order.name().isPresent()) {
      return TextNode.valueOf(order.name().get());
    }
    ArrayNode positions = JsonNodeFactory.instance.arrayNode(order.pixels());
    IntStream.of(order.positions()).forEach(positions::add);
    return positions;
  }

  /** The image goes without saying. */
  private void add(ArrayNode nodes, Node node) {
    if (node instanceof Node.Given given) {
      nodes.addObject().put("name", given.name()).set("condition", condition(given.condition()));
    } else if (node instanceof Node.Applied applied) {
      ObjectNode written = nodes.addObject().put("name", applied.name());
      written.set("layer", layer(applied));
      ArrayNode inputs = written.putArray("inputs");
      applied.inputs().forEach(i -> inputs.add(graph.nodes().get(i).name()));
    }
  }

  private static ObjectNode condition(Condition condition) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    if (condition instanceof Condition.OneOf oneOf) {
      node.put("type", Format.CLASS).put("count", oneOf.count());
      if (!oneOf.classes().areNumbers()) {
        ArrayNode names = node.putArray("names");
        oneOf.classes().list().forEach(names::add);
      }
      return node;
    }
    if (condition instanceof Condition.Vector vector) {
      return node.put("type", Format.VECTOR).put("size", vector.size());
    }
    Condition.Spatial spatial = (Condition.Spatial) condition;
    return node.put("type", Format.SPATIAL)
        .put("height", spatial.height())
        .put("width", spatial.width())
        .put("maps", spatial.maps());
  }

  /** A layer of the user's own may forget a field; that shows here and not when it is too late. */
  private ObjectNode layer(Node.Applied applied) {
    Layer again;
    ObjectNode written;
    try {
      written = catalog.write(applied.layer());
      again = catalog.read(new Place("", written));
    } catch (IllegalArgumentException e) {
      throw new DefinitionException("layer " + applied.name() + ": " + e.getMessage(), e);
    }
    if (!again.equals(applied.layer())) {
      throw new DefinitionException(
          "layer "
              + applied.name()
              + ": "
              + applied.layer()
              + " comes back from JSON as "
              + again
              + ", which is not equal; does it have equals, and all that matters in its fields?");
    }
    return written;
  }
}
