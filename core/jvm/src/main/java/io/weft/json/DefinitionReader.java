package io.weft.json;

import io.weft.define.Definition;
import io.weft.graph.Node;
import io.weft.internal.define.GraphAssembler;
import io.weft.layer.Layer;
import io.weft.order.GenerationOrder;
import io.weft.order.Orders;
import io.weft.spec.ClassNames;
import io.weft.spec.Condition;
import io.weft.spec.ImageSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Takes a definition out of a JSON tree, by the road on which definitions are declared. */
final class DefinitionReader {

  private static final int MOST_INPUTS = 256;

  private static final int MOST_ORDERS = 256;

  private final LayerCatalog catalog;
  private final Map<String, Integer> known = new HashMap<>();

  DefinitionReader(LayerCatalog catalog) {
    this.catalog = catalog;
  }

  Definition read(Place root) {
    format(root);
    List<String> fields =
        new ArrayList<>(
            List.of(
                "format", "version", "name", "image", "order", "nodes", "output", "distribution"));
    if (root.has("orders")) {
      fields.add("orders");
    }
    root.object(fields.toArray(String[]::new));
    ImageSpec image = image(root.field("image"));
    Orders orders = orders(root, image);
    Place name = root.field("name");
    GraphAssembler graph = at(name, () -> GraphAssembler.of(name.text(), image, orders));
    SizeLimit limit = new SizeLimit(orders);
    known.put(graph.node(0).name(), 0);
    for (Place place : root.field("nodes").list(SizeLimit.MOST_NODES)) {
      Node node = graph.node(node(graph, limit, place));
      known.put(node.name(), known.size());
    }
    return Definition.of(
        graph.graph(
            reference(root.field("output")),
            catalog.distributions().read(root.field("distribution"))));
  }

  /** Before all else: a foreign or newer file is told from a damaged one. */
  private static void format(Place root) {
    Place format = root.field("format");
    if (!format.text().equals(Format.NAME)) {
      throw format.expected("\"" + Format.NAME + "\"");
    }
    Place version = root.field("version");
    if (version.integer() != Format.VERSION) {
      throw new DefinitionFormatException(
          version.pointer(),
          "expected "
              + Format.VERSION
              + ", found "
              + version.integer()
              + "; this version of Weft reads no other, use the one that wrote it");
    }
  }

  private static ImageSpec image(Place place) {
    place.object("height", "width", "channels", "levels");
    return at(
        place,
        () ->
            new ImageSpec(
                place.field("height").integer(),
                place.field("width").integer(),
                place.field("channels").integer(),
                place.field("levels").integer()));
  }

  private static Orders orders(Place root, ImageSpec image) {
    if (!root.has("orders")) {
      return Orders.of(List.of(order(root.field("order"), image)));
    }
    Place declared = root.field("orders");
    List<Place> places = declared.list(MOST_ORDERS);
    SizeLimit.checkOrders(declared, image, 1 + places.size());
    List<GenerationOrder> all = places.stream().map(place -> order(place, image)).toList();
    GenerationOrder current = order(root.field("order"), image);
    return at(declared, () -> new Orders(current, all));
  }

  private static GenerationOrder order(Place place, ImageSpec image) {
    if (place.node().isTextual()) {
      return at(place, () -> GenerationOrder.named(place.text(), image.height(), image.width()));
    }
    int[] positions = place.list(image.pixels()).stream().mapToInt(Place::integer).toArray();
    return at(place, () -> GenerationOrder.of(image.height(), image.width(), positions));
  }

  private int node(GraphAssembler graph, SizeLimit limit, Place place) {
    if (place.has("condition")) {
      place.object("name", "condition");
      Condition condition = condition(place.field("name").text(), place.field("condition"));
      int index = at(place, () -> graph.condition(condition));
      limit.add(place, graph.node(index));
      return index;
    }
    place.object("name", "layer", "inputs");
    String name = place.field("name").text();
    Layer layer = catalog.layers().read(place.field("layer"));
    List<Integer> inputs = new ArrayList<>();
    for (Place input : place.field("inputs").list(MOST_INPUTS)) {
      inputs.add(reference(input));
    }
    return at(place, () -> graph.layer(name, layer, inputs, applied -> limit.add(place, applied)));
  }

  private int reference(Place place) {
    Integer index = known.get(place.text());
    if (index == null) {
      throw place.expected("the name of the image, or of a condition or layer further up");
    }
    return index;
  }

  private static Condition condition(String name, Place place) {
    String type = place.field("type").text();
    return at(
        place,
        () ->
            switch (type) {
              case Format.CLASS -> new Condition.OneOf(name, classes(place));
              case Format.VECTOR ->
                  new Condition.Vector(name, place.object("type", "size").field("size").integer());
              case Format.SPATIAL -> spatial(name, place);
              default ->
                  throw place
                      .field("type")
                      .expected("one of " + List.of(Format.CLASS, Format.VECTOR, Format.SPATIAL));
            });
  }

  /** Names were not there from the beginning; without them, classes have numbers alone. */
  private static ClassNames classes(Place place) {
    boolean isNamed = place.has("names");
    place.object(
        isNamed ? new String[] {"type", "count", "names"} : new String[] {"type", "count"});
    ClassNames numbers = ClassNames.numbers(place.field("count").integer());
    if (!isNamed) {
      return numbers;
    }
    Place field = place.field("names");
    List<Place> names = field.list(numbers.count());
    if (names.size() < numbers.count()) {
      throw new DefinitionFormatException(
          field.pointer(), "expected " + numbers.count() + " names, found " + names.size());
    }
    return ClassNames.of(names.stream().map(Place::text).toList());
  }

  private static Condition spatial(String name, Place place) {
    place.object("type", "height", "width", "maps");
    return new Condition.Spatial(
        name,
        place.field("height").integer(),
        place.field("width").integer(),
        place.field("maps").integer());
  }

  /** Runs {@code body}; what it complains of gets a place. */
  private static <T> T at(Place place, Supplier<T> body) {
    try {
      return body.get();
    } catch (DefinitionFormatException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new DefinitionFormatException(place.pointer(), e.getMessage(), e);
    }
  }
}
