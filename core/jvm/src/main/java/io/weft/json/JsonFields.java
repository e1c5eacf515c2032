package io.weft.json;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;

/**
 * The hyper-parameters of a layer or distribution as JSON fields: what Jackson does here, and all
 * that it may. Fields are written, constructors read; there is no polymorphism, and nothing is
 * coerced or left out.
 */
final class JsonFields {

  /** The field that names the class. */
  static final String TYPE = "type";

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .visibility(PropertyAccessor.ALL, Visibility.NONE)
          .visibility(PropertyAccessor.FIELD, Visibility.ANY)
          .visibility(PropertyAccessor.CREATOR, Visibility.PUBLIC_ONLY)
          .disable(
              MapperFeature.ALLOW_COERCION_OF_SCALARS,
              MapperFeature.ALLOW_FINAL_FIELDS_AS_MUTATORS,
              MapperFeature.INFER_PROPERTY_MUTATORS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
          .enable(
              DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
              DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
              DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
              DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          .build();

  private JsonFields() {}

  /** Checks that values of the class can be written and read. */
  static void check(Class<?> type) {
    boolean creator =
        Arrays.stream(type.getDeclaredConstructors())
            .anyMatch(c -> c.isAnnotationPresent(JsonCreator.class));
    if (!type.isRecord() && !creator) {
      throw new IllegalArgumentException(
          type.getName()
              + " cannot be read back: make it a record (in Kotlin a @JvmRecord data class), or"
              + " mark its constructor with @JsonCreator and each argument with @JsonProperty");
    }
  }

  /**
   * Returns the fields of {@code value} after the one that names its class.
   *
   * @param kind what a value is called in messages
   */
  static ObjectNode write(String kind, String type, Object value) {
    JsonNode fields;
    try {
      fields = MAPPER.valueToTree(value);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "the " + kind + " " + value + " cannot be written as JSON: " + e.getMessage(), e);
    }
    if (!fields.isObject() || fields.has(TYPE)) {
      throw new IllegalArgumentException(
          "the "
              + kind
              + " "
              + value
              + " has a property \"type\", which in JSON names the "
              + kind
              + "; rename it, or only in JSON by @JsonProperty");
    }
    ObjectNode all = MAPPER.createObjectNode().put(TYPE, type);
    return all.setAll((ObjectNode) fields);
  }

  /** Returns the value that {@code place} describes. */
  static <T> T read(Place place, Class<T> type) {
    ObjectNode fields = place.node().deepCopy();
    fields.remove(TYPE);
    try {
      return MAPPER.treeToValue(fields, type);
    } catch (JsonMappingException e) {
      throw explained(place, e);
    } catch (JsonProcessingException e) {
      throw new DefinitionFormatException(place.pointer(), e.getOriginalMessage(), e);
    }
  }

  /** Jackson's complaint in the words of this format. */
  private static DefinitionFormatException explained(Place described, JsonMappingException e) {
    Place place = described;
    for (JsonMappingException.Reference step : e.getPath()) {
      place =
          step.getFieldName() == null
              ? place.child("" + step.getIndex(), place.node().path(step.getIndex()))
              : place.child(step.getFieldName(), place.node().path(step.getFieldName()));
    }
    String problem = e.getOriginalMessage();
    if (e instanceof UnrecognizedPropertyException unknown) {
      problem =
          "unknown field; expected "
              + unknown.getKnownPropertyIds().stream().map(Object::toString).sorted().toList();
    } else if (e instanceof ValueInstantiationException && e.getCause() != null) {
      problem = e.getCause().getMessage();
    } else if (place.node().isMissingNode()) {
      problem = "the field is missing";
    } else if (e instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
      problem = place.expected(named(mismatch.getTargetType())).withoutPlace();
    }
    return new DefinitionFormatException(place.pointer(), problem, e);
  }

  private static String named(Class<?> type) {
    if (type.isEnum()) {
      return "one of " + List.of(type.getEnumConstants());
    }
    if (type == int.class || type == long.class) {
      return "a whole number";
    }
    return type == float.class || type == double.class ? "a number" : "a " + type.getSimpleName();
  }
}
