package io.weft.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.weft.define.Definition;
import io.weft.distribution.Distribution;
import io.weft.graph.LayerGraph;
import io.weft.graph.Node;
import io.weft.order.GenerationOrder;
import io.weft.spec.Condition;
import io.weft.spec.DefinitionException;
import io.weft.spec.ImageSpec;
import java.util.List;
import java.util.stream.IntStream;

/** Puts a definition into a JSON tree. */
final class DefinitionWriter {

  private static final Condition.Cases<ObjectNode> CONDITIONS =
      new Condition.Cases<>() {
        @Override
        public ObjectNode oneOf(Condition.OneOf oneOf) {
          ObjectNode node = type(Format.CLASS).put("count", oneOf.count());
          if (!oneOf.classes().areNumbers()) {
            ArrayNode names = node.putArray("names");
            oneOf.classes().list().forEach(names::add);
          }
          return node;
        }

        @Override
        public ObjectNode vector(Condition.Vector vector) {
          return type(Format.VECTOR).put("size", vector.size());
        }

        @Override
        public ObjectNode spatial(Condition.Spatial spatial) {
          return type(Format.SPATIAL)
              .put("height", spatial.height())
              .put("width", spatial.width())
              .put("maps", spatial.maps());
        }

        private ObjectNode type(String name) {
          return JsonNodeFactory.instance.objectNode().put("type", name);
        }
      };

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

  /** What has no fields is its name alone. */
  private JsonNode distribution(Distribution distribution) {
    ObjectNode written = written("", catalog.distributions(), distribution);
    return written.size() == 1 ? written.get(JsonFields.TYPE) : written;
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

  private void add(ArrayNode nodes, Node node) {
    node.match(new Written(nodes));
  }

  /** Adds each kind of node to the list; the image goes without saying. */
  private final class Written implements Node.Cases<ArrayNode> {
    private final ArrayNode nodes;

    Written(ArrayNode nodes) {
      this.nodes = nodes;
    }

    @Override
    public ArrayNode image(Node.Image image) {
      return nodes;
    }

    @Override
    public ArrayNode given(Node.Given given) {
      ObjectNode written = nodes.addObject().put("name", given.name());
      written.set("condition", given.condition().match(CONDITIONS));
      return nodes;
    }

    @Override
    public ArrayNode applied(Node.Applied applied) {
      ObjectNode written = nodes.addObject().put("name", applied.name());
      written.set(
          "layer", written("layer " + applied.name() + ": ", catalog.layers(), applied.layer()));
      ArrayNode inputs = written.putArray("inputs");
      applied.inputs().forEach(i -> inputs.add(graph.nodes().get(i).name()));
      return nodes;
    }
  }

  /** What is a user's own may forget a field; that shows here and not when it is too late. */
  private static <T> ObjectNode written(String place, TypeNames<T> names, T value) {
    T again;
    ObjectNode written;
    try {
      written = names.write(value);
      again = names.read(new Place("", written));
    } catch (IllegalArgumentException e) {
      throw new DefinitionException(place + e.getMessage(), e);
    }
    if (!again.equals(value)) {
      throw new DefinitionException(
          place
              + value
              + " comes back from JSON as "
              + again
              + ", which is not equal; does it have equals, and all that matters in its fields?");
    }
    return written;
  }
}
