package io.weft.weight;

import io.weft.define.Definition;
import io.weft.expression.Parameter;
import io.weft.internal.thread.Interruption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * The values of all parameters of a definition, by full name ("layer/parameter"), row-major. All
 * are finite. Immutable; training makes new ones.
 */
public final class Weights {

  private final Map<String, Parameter> parameters;
  private final Map<String, float[]> values;

  private Weights(Map<String, Parameter> parameters, Map<String, float[]> values) {
    this.parameters = parameters;
    this.values = values;
  }

  /**
   * Returns the weights that training starts from: a function of definition and seed alone.
   *
   * @param seed any number
   */
  public static Weights initial(Definition definition, long seed) {
    Objects.requireNonNull(definition, "definition");
    Map<String, float[]> values = new LinkedHashMap<>();
    definition
        .graph()
        .parameters()
        .forEach((name, parameter) -> values.put(name, initial(name, parameter, seed)));
    return of(definition, values);
  }

  private static float[] initial(String name, Parameter parameter, long seed) {
    // Named, not numbered: a layer's start does not depend on what else the model has.
    Interruption.check();
    SplittableRandom random = new SplittableRandom(seed ^ 0x9E3779B97F4A7C15L * name.hashCode());
    float[] values = new float[parameter.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = parameter.initializer().draw(random);
    }
    return values;
  }

  /**
   * Returns the given weights.
   *
   * @param values row-major values by full name; the arrays are taken over, not copied
   * @throws IllegalArgumentException if a parameter is missing, unknown, has another size, or holds
   *     what is no finite number
   */
  public static Weights of(Definition definition, Map<String, float[]> values) {
    Objects.requireNonNull(definition, "definition");
    Objects.requireNonNull(values, "values");
    Map<String, Parameter> parameters = checked(definition, values);
    values.forEach((name, array) -> Finite.check("parameter", name, array));
    Map<String, float[]> ordered = new LinkedHashMap<>();
    parameters.keySet().forEach(name -> ordered.put(name, values.get(name)));
    return new Weights(parameters, ordered);
  }

  /**
   * Checks that these are weights of {@code definition}.
   *
   * @throws IllegalArgumentException if a parameter is missing, unknown or has another size
   */
  public void check(Definition definition) {
    checked(definition, values);
  }

  private static Map<String, Parameter> checked(
      Definition definition, Map<String, float[]> values) {
    Map<String, Parameter> parameters = definition.graph().parameters();
    if (!parameters.keySet().equals(values.keySet())) {
      Set<String> missing = new java.util.TreeSet<>(parameters.keySet());
      missing.removeAll(values.keySet());
      Set<String> unknown = new java.util.TreeSet<>(values.keySet());
      unknown.removeAll(parameters.keySet());
      throw new IllegalArgumentException(
          "these weights are not of "
              + definition
              + ": missing "
              + missing
              + ", unknown "
              + unknown);
    }
    parameters.forEach(
        (name, parameter) -> {
          float[] array = Objects.requireNonNull(values.get(name), name);
          if (array.length != parameter.size()) {
            throw new IllegalArgumentException(
                "parameter "
                    + name
                    + " has the shape "
                    + parameter.dimensions()
                    + ", found "
                    + array.length
                    + " values");
          }
        });
    return parameters;
  }

  /**
   * Returns these weights with every matrix and kernel rounded to bfloat16, eight bits of
   * precision, to the nearest and of two such the even one; biases, scales and statistics stay.
   * Where the JVM computes a single image, it then reads half as much, which is what that takes its
   * time for. A layer whose matrix is normalised (of PixelCNN++ and locally masked PixelCNN) gains
   * nothing.
   */
  public Weights inHalfPrecision() {
    Map<String, float[]> rounded = new LinkedHashMap<>();
    values.forEach(
        (name, array) ->
            rounded.put(
                name,
                parameters.get(name).role() == Parameter.Role.WEIGHT ? rounded(array) : array));
    return new Weights(parameters, rounded);
  }

  /** A finite number stays one: the largest of bfloat16 takes what would round beyond. */
  private static float[] rounded(float[] values) {
    float[] rounded = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      int bits = Float.floatToRawIntBits(values[i]);
      int nearest = (bits + 0x7fff + ((bits >>> 16) & 1)) & 0xffff0000;
      boolean isBeyond = !Float.isFinite(Float.intBitsToFloat(nearest));
      rounded[i] = Float.intBitsToFloat(isBeyond ? bits & 0xffff0000 : nearest);
    }
    return rounded;
  }

  /** Returns the full names, in the order of the graph. */
  public Set<String> names() {
    return Collections.unmodifiableSet(values.keySet());
  }

  /** Returns the parameter with the given full name. */
  public Parameter parameter(String name) {
    return parameters.get(checked(name));
  }

  /** Returns a copy of the values of one parameter. */
  public float[] values(String name) {
    return values.get(checked(name)).clone();
  }

  /**
   * Returns whether a parameter that starts with the same number everywhere still has it
   * everywhere: such as one that is to be measured on data, before that was done.
   */
  public boolean isInitial(String name) {
    Optional<Float> start = parameter(name).initializer().same();
    if (start.isEmpty()) {
      return false;
    }
    for (float value : values.get(name)) {
      if (value != start.get()) {
        return false;
      }
    }
    return true;
  }

  private String checked(String name) {
    if (!values.containsKey(name)) {
      throw new IllegalArgumentException(
          "there is no parameter \"" + name + "\"; there are " + values.keySet());
    }
    return name;
  }
}
