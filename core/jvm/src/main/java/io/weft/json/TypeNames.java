package io.weft.json;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The classes of one kind of value (layers, distributions) that definition files may speak of, by
 * type name. Immutable.
 *
 * @param kind what a value is called in messages
 * @param method the catalog's method that adds one
 * @param types the classes by type name
 * @param <T> what the classes have in common
 */
record TypeNames<T>(String kind, String method, Map<String, Class<? extends T>> types) {

  private static final Pattern TYPE = Pattern.compile("[a-z0-9][a-z0-9.-]{0,63}");

  /** Returns these and one more. */
  TypeNames<T> with(String type, Class<? extends T> added) {
    Objects.requireNonNull(added, kind);
    if (!TYPE.matcher(Objects.requireNonNull(type, "type")).matches()) {
      throw new IllegalArgumentException(
          "a "
              + kind
              + "'s type name has 1 to 64 small letters, digits, - and ., found \""
              + type
              + "\"");
    }
    if (types.containsKey(type)) {
      throw new IllegalArgumentException(
          "the type name \"" + type + "\" stands for " + types.get(type).getName() + " already");
    }
    if (types.containsValue(added)) {
      throw new IllegalArgumentException(
          added.getName() + " is in the catalog already, as \"" + nameOf(added) + "\"");
    }
    JsonFields.check(added);
    Map<String, Class<? extends T>> more = new LinkedHashMap<>(types);
    more.put(type, added);
    return new TypeNames<>(kind, method, Collections.unmodifiableMap(more));
  }

  /** Returns the type names, in the order in which they were added. */
  List<String> names() {
    return List.copyOf(types.keySet());
  }

  private String nameOf(Class<?> found) {
    for (Map.Entry<String, Class<? extends T>> entry : types.entrySet()) {
      if (entry.getValue() == found) {
        return entry.getKey();
      }
    }
    throw new IllegalArgumentException(
        "the "
            + kind
            + " "
            + found.getName()
            + " is not in the catalog; add it: catalog."
            + method
            + "(\"my-"
            + kind
            + "\", "
            + found.getSimpleName()
            + ".class)");
  }

  /** Returns a value as JSON: its type name and its fields. */
  ObjectNode write(T value) {
    return JsonFields.write(kind, nameOf(value.getClass()), value);
  }

  /** Returns the value that JSON describes: an object, or a type name alone. */
  T read(Place place) {
    return place.node().isTextual()
        ? read(place, new Place(place.pointer(), named(place.text())))
        : read(place.field(JsonFields.TYPE), place);
  }

  private static ObjectNode named(String type) {
    return JsonNodeFactory.instance.objectNode().put(JsonFields.TYPE, type);
  }

  private T read(Place type, Place place) {
    Class<? extends T> found = types.get(type.text());
    if (found == null) {
      throw type.expected(
          "a "
              + kind
              + " of the catalog ("
              + String.join(", ", types.keySet())
              + "; LayerCatalog."
              + method
              + " adds your own)");
    }
    return JsonFields.read(place, found);
  }
}
