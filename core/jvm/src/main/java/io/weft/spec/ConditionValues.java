package io.weft.spec;

import io.weft.internal.Seam;
import io.weft.internal.files.Sha256;
import java.io.Serializable;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What one image is conditioned on: a value for each condition of a model. Immutable.
 *
 * <pre>{@code
 * ConditionValues.none().withLabel("digit", 7).withVector("style", new float[] {0.5f, -1})
 * }</pre>
 */
public final class ConditionValues implements Serializable {

  private static final ConditionValues NONE = new ConditionValues(Map.of());

  /** A class of some data, by the name that it has there. */
  private record OfData(ClassNames classes, int label) implements Serializable {
    @Override
    public String toString() {
      return classes.name(label);
    }
  }

  /** A label as an Integer, a class as a String or OfData, or numbers as a float[]. */
  private final Map<String, Object> values;

  private ConditionValues(Map<String, Object> values) {
    this.values = values;
  }

  /** Returns the values of a model without conditions. */
  public static ConditionValues none() {
    return NONE;
  }

  /**
   * Returns these values and the class {@code label} for the condition {@code name}.
   *
   * @param label the class, from 0
   */
  public ConditionValues withLabel(String name, int label) {
    return with(name, label);
  }

  /**
   * Returns these values and a class for the condition {@code name}.
   *
   * @param className what the condition calls the class; where it calls none by a number, a label
   *     in digits will do as well
   */
  public ConditionValues withLabel(String name, String className) {
    return with(name, Objects.requireNonNull(className, "className"));
  }

  /**
   * Returns these values and for the condition {@code name} the class that some data call by one of
   * their names; see {@link ClassNames#labelOf}.
   *
   * @param classes the classes of the data
   * @param label the class's label in the data
   * @throws IndexOutOfBoundsException if the data have no such label
   */
  public ConditionValues withLabel(String name, ClassNames classes, int label) {
    return with(name, new OfData(classes, Objects.checkIndex(label, classes.count())));
  }

  /** Returns these values and a vector for the condition {@code name}. */
  public ConditionValues withVector(String name, float... vector) {
    return with(name, Objects.requireNonNull(vector, "vector").clone());
  }

  /**
   * Returns these values and a spatial map for the condition {@code name}.
   *
   * @param map numbers in the order [row, column, map]
   */
  public ConditionValues withMap(String name, float[] map) {
    return with(name, Objects.requireNonNull(map, "map").clone());
  }

  /**
   * Returns these values and an image for the condition {@code name}, such as the codes of a
   * coarser grid: its levels scaled to [-1, 1].
   *
   * @param image what it is like
   * @param levels in the order [row, column, channel], each from 0
   * @throws IllegalArgumentException if there are not as many as the image has, or one is out of
   *     range
   */
  public ConditionValues withImage(String name, ImageSpec image, int[] levels) {
    image.checkLevels(levels);
    float[] map = new float[levels.length];
    for (int i = 0; i < map.length; i++) {
      if (levels[i] < 0 || levels[i] >= image.levels()) {
        throw new IllegalArgumentException(
            "condition \""
                + name
                + "\" takes levels 0 to "
                + (image.levels() - 1)
                + ", found "
                + levels[i]);
      }
      map[i] = image.scaled(levels[i]);
    }
    return with(name, map);
  }

  private ConditionValues with(String name, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(values);
    more.put(Objects.requireNonNull(name, "name"), value);
    return new ConditionValues(more);
  }

  /** Returns of these values those for the given conditions: what a model among several takes. */
  public ConditionValues only(List<Condition> conditions) {
    Map<String, Object> fewer = new LinkedHashMap<>(values);
    fewer.keySet().retainAll(conditions.stream().map(Condition::name).toList());
    return new ConditionValues(fewer);
  }

  /** Returns whether there is no value. */
  @Seam
  public boolean isEmpty() {
    return values.isEmpty();
  }

  /** Adds the values to a digest, in whatever order they were given; classes by their names. */
  @Seam
  public void addTo(Sha256 digest) {
    digest.add(values.size());
    for (Map.Entry<String, Object> each : new TreeMap<>(values).entrySet()) {
      digest.add(each.getKey());
      if (each.getValue() instanceof float[] numbers) {
        digest.add(numbers.length);
        digest.add(numbers);
      } else {
        digest.add(each.getValue().toString());
      }
    }
  }

  /**
   * Checks that there is one fitting value for each of {@code conditions} and no other.
   *
   * @throws IllegalArgumentException if one is missing, unknown, or does not fit
   */
  public void check(List<Condition> conditions) {
    for (String name : values.keySet()) {
      if (conditions.stream().noneMatch(c -> c.name().equals(name))) {
        throw new IllegalArgumentException(
            "the model has no condition \""
                + name
                + "\"; it has "
                + conditions.stream().map(Condition::name).toList());
      }
    }
    conditions.forEach(this::feature);
  }

  /**
   * Returns the condition's value as a feature, in the order [row, column, map]: one-hot for a
   * class.
   *
   * @throws IllegalArgumentException if the value is missing or does not fit the condition
   */
  public float[] feature(Condition condition) {
    return condition.match(
        new Condition.Cases<>() {
          @Override
          public float[] oneOf(Condition.OneOf oneOf) {
            float[] oneHot = new float[oneOf.count()];
            oneHot[label(oneOf)] = 1;
            return oneHot;
          }

          @Override
          public float[] vector(Condition.Vector vector) {
            return numbers(vector);
          }

          @Override
          public float[] spatial(Condition.Spatial spatial) {
            return numbers(spatial);
          }
        });
  }

  private float[] numbers(Condition condition) {
    Object value = value(condition);
    if (!(value instanceof float[] numbers)) {
      throw new IllegalArgumentException(
          "condition \""
              + condition.name()
              + "\" takes "
              + condition.shape()
              + " numbers, found the label "
              + value);
    }
    int size = condition.shape().positions() * condition.shape().maps();
    if (numbers.length != size) {
      throw new IllegalArgumentException(
          "condition \""
              + condition.name()
              + "\" takes "
              + condition.shape()
              + " = "
              + size
              + " numbers, found "
              + numbers.length);
    }
    for (float number : numbers) {
      if (!Float.isFinite(number)) {
        throw new IllegalArgumentException(
            "condition \"" + condition.name() + "\" takes finite numbers, found " + number);
      }
    }
    return numbers.clone();
  }

  /**
   * Returns the label that the value has in a class condition.
   *
   * @return 0 to condition.count() - 1
   * @throws IllegalArgumentException if the value is missing, or no class of the condition
   */
  public int label(Condition.OneOf condition) {
    Object value = value(condition);
    try {
      if (value instanceof OfData ofData) {
        return condition.classes().labelOf(ofData.classes(), ofData.label());
      }
      if (value instanceof String className) {
        return condition.classes().label(className);
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "condition \"" + condition.name() + "\": " + e.getMessage(), e);
    }
    if (!(value instanceof Integer label)) {
      throw new IllegalArgumentException(
          "condition \"" + condition.name() + "\" takes a label, found numbers; use withLabel");
    }
    if (label < 0 || label >= condition.count()) {
      throw new IllegalArgumentException(
          "condition \""
              + condition.name()
              + "\" takes labels 0 to "
              + (condition.count() - 1)
              + ", found "
              + label);
    }
    return label;
  }

  private Object value(Condition condition) {
    Object value = values.get(condition.name());
    if (value == null) {
      throw new IllegalArgumentException(
          "condition \"" + condition.name() + "\" has no value; give one for every image");
    }
    return value;
  }

  @Override
  public String toString() {
    Map<String, String> shown = new LinkedHashMap<>();
    values.forEach((k, v) -> shown.put(k, v instanceof float[] f ? Arrays.toString(f) : "" + v));
    return shown.toString();
  }
}
