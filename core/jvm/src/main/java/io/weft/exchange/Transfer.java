package io.weft.exchange;

import io.weft.define.Definition;
import io.weft.expression.Parameter;
import io.weft.weight.Weights;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Weights that a model starts from, taken from another's where name and sizes agree: one with more
 * blocks, with other conditions, or with another output.
 *
 * @param weights of all parameters
 * @param taken the full names of the parameters whose numbers are the other model's
 * @param fresh why the others are not, by full name; they start as in {@link Weights#initial}
 */
public record Transfer(Weights weights, List<String> taken, Map<String, String> fresh) {

  /** Freezes the lists. */
  public Transfer {
    Objects.requireNonNull(weights, "weights");
    taken = List.copyOf(taken);
    fresh = Map.copyOf(fresh);
  }

  /**
   * Takes what fits. Nothing is cut or stretched: a parameter of other sizes starts afresh.
   *
   * @param from the other model's weights
   * @param to the model that is to start
   * @param seed of the numbers that are not taken
   * @throws IllegalArgumentException if nothing fits; the message names some of both
   */
  public static Transfer of(Weights from, Definition to, long seed) {
    Objects.requireNonNull(from, "from");
    Weights start = Weights.initial(to, seed);
    Map<String, float[]> values = new LinkedHashMap<>();
    List<String> taken = new ArrayList<>();
    Map<String, String> fresh = new LinkedHashMap<>();
    for (String name : start.names()) {
      Parameter here = start.parameter(name);
      if (!from.names().contains(name)) {
        fresh.put(name, "the other model has none of that name");
      } else if (!from.parameter(name).dimensions().equals(here.dimensions())) {
        fresh.put(
            name, here.dimensions() + ", the other model's " + from.parameter(name).dimensions());
      } else {
        taken.add(name);
      }
      values.put(name, fresh.containsKey(name) ? start.values(name) : from.values(name));
    }
    if (taken.isEmpty()) {
      throw new IllegalArgumentException(
          to
              + " has no parameter in common with the other model, by name and sizes: it has "
              + some(start)
              + "; the other has "
              + some(from)
              + ". Name its layers as they are there");
    }
    return new Transfer(Weights.of(to, values), taken, fresh);
  }

  private static String some(Weights weights) {
    return weights.names().stream()
            .limit(3)
            .map(name -> name + " " + weights.parameter(name).dimensions())
            .toList()
        + " and so on";
  }
}
