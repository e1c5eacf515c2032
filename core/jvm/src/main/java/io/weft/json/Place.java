package io.weft.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A value in a JSON text and where it stands, so that every complaint can say so.
 *
 * @param pointer the JSON pointer
 * @param node the value
 */
record Place(String pointer, JsonNode node) {

  private static final int SHOWN = 60;

  /** Returns this, having checked that it is an object with exactly the given fields. */
  Place object(String... fields) {
    requireObject();
    Set<String> expected = new LinkedHashSet<>(List.of(fields));
    node.fieldNames()
        .forEachRemaining(
            name -> {
              if (!expected.contains(name)) {
                throw new DefinitionFormatException(
                    pointer, "unknown field \"" + shortened(name) + "\"; expected " + expected);
              }
            });
    expected.forEach(this::field);
    return this;
  }

  private void requireObject() {
    if (!node.isObject()) {
      throw expected("an object");
    }
  }

  /** Returns whether this is an object with a field of that name. */
  boolean has(String field) {
    return node.has(field);
  }

  /** Returns a field, which must be there. */
  Place field(String name) {
    requireObject();
    JsonNode value = node.get(name);
    if (value == null) {
      throw new DefinitionFormatException(pointer, "the field \"" + name + "\" is missing");
    }
    return child(name, value);
  }

  Place child(String name, JsonNode value) {
    return new Place(pointer + "/" + shortened(name).replace("~", "~0").replace("/", "~1"), value);
  }

  /** Returns the elements of an array of at most {@code most}. */
  List<Place> list(int most) {
    if (!node.isArray()) {
      throw expected("an array");
    }
    if (node.size() > most) {
      throw new DefinitionFormatException(
          pointer, "expected at most " + most + " elements, found " + node.size());
    }
    List<Place> elements = new ArrayList<>(node.size());
    for (int i = 0; i < node.size(); i++) {
      elements.add(new Place(pointer + "/" + i, node.get(i)));
    }
    return elements;
  }

  String text() {
    if (!node.isTextual()) {
      throw expected("a string");
    }
    return node.textValue();
  }

  int integer() {
    if (!node.isIntegralNumber() || !node.canConvertToInt()) {
      throw expected("a whole number");
    }
    return node.intValue();
  }

  /** Returns the complaint that something else was expected here. */
  DefinitionFormatException expected(String what) {
    String kind = node.getNodeType().name().toLowerCase(Locale.ROOT);
    boolean simple = node.isValueNode() && node.getNodeType() != JsonNodeType.NULL;
    return new DefinitionFormatException(
        pointer,
        "expected " + what + ", found " + kind + (simple ? " " + shortened(node.toString()) : ""));
  }

  static String shortened(String text) {
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
  }
}
