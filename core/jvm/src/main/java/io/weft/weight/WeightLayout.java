package io.weft.weight;

import io.weft.define.Definition;
import io.weft.expression.Parameter;
import io.weft.internal.Seam;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Where each parameter of a definition lies in one array of them all: one behind the other, in the
 * order of the graph.
 */
@Seam
public final class WeightLayout {

  private final Map<String, Place> places = new LinkedHashMap<>();
  private final int size;

  /**
   * Where a parameter lies.
   *
   * @param parameter the parameter
   * @param from where its first number is
   */
  public record Place(Parameter parameter, int from) {
    /** Returns where its numbers have ended. */
    public int to() {
      return from + parameter.size();
    }
  }

  private WeightLayout(Map<String, Parameter> parameters) {
    int at = 0;
    for (Map.Entry<String, Parameter> entry : parameters.entrySet()) {
      Place place = new Place(entry.getValue(), at);
      places.put(entry.getKey(), place);
      at = Math.addExact(at, entry.getValue().size());
    }
    size = at;
  }

  /** Returns the layout of a definition's parameters. */
  public static WeightLayout of(Definition definition) {
    return new WeightLayout(definition.graph().parameters());
  }

  /** Returns how many numbers there are. */
  public int size() {
    return size;
  }

  /** Returns the full names of the parameters, in order. */
  public Set<String> names() {
    return Collections.unmodifiableSet(places.keySet());
  }

  /** Returns where a parameter lies. */
  public Place place(String name) {
    return places.get(name);
  }

  /** Returns arrays by full name as one; 0 where there is none of a name. */
  public float[] flat(Map<String, float[]> arrays) {
    float[] all = new float[size];
    arrays.forEach(
        (name, array) -> System.arraycopy(array, 0, all, place(name).from(), array.length));
    return all;
  }

  /** Returns weights as one array. */
  public float[] flat(Weights weights) {
    float[] all = new float[size];
    for (String name : places.keySet()) {
      float[] array = weights.values(name);
      System.arraycopy(array, 0, all, place(name).from(), array.length);
    }
    return all;
  }

  /** Returns copies of the arrays of some parameters by full name. */
  public Map<String, float[]> named(float[] all, Predicate<Parameter> wanted) {
    Map<String, float[]> arrays = new LinkedHashMap<>();
    places.forEach(
        (name, place) -> {
          if (wanted.test(place.parameter())) {
            arrays.put(name, Arrays.copyOfRange(all, place.from(), place.to()));
          }
        });
    return arrays;
  }
}
