package io.weft.train;

import io.weft.define.Definition;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the learning rate is multiplied by, layer by layer; 0 freezes. A name is that of a layer, of
 * a block with all that is in it, or of a parameter; where several fit the longest counts.
 *
 * @param factors by name; "" is the name of all
 */
record LayerRates(SortedMap<String, Double> factors) {

  static final LayerRates NONE = new LayerRates(new TreeMap<>());

  /** The name of everything. */
  static final String ALL = "";

  LayerRates {
    // In order, so that equal ones have equal words.
    factors = Collections.unmodifiableSortedMap(new TreeMap<>(factors));
  }

  /** Returns the same with another factor; a name that was there is replaced. */
  LayerRates with(String name, double factor) {
    SortedMap<String, Double> all = new TreeMap<>(factors);
    all.put(name, factor);
    return new LayerRates(all);
  }

  /**
   * Returns the factor of every parameter of a definition for which it is not 1.
   *
   * @throws IllegalArgumentException if there is nothing of a name; the message lists what there is
   */
  Map<String, Double> of(Definition definition) {
    Set<String> parameters = definition.graph().parameters().keySet();
    for (String name : factors.keySet()) {
      if (parameters.stream().noneMatch(parameter -> isWithin(parameter, name))) {
        throw new IllegalArgumentException(
            "model \""
                + definition.name()
                + "\" has no layer \""
                + name
                + "\" with anything to train; it has "
                + String.join(", ", layers(parameters)));
      }
    }
    Map<String, Double> found = new LinkedHashMap<>();
    for (String parameter : parameters) {
      double factor = factor(parameter);
      if (factor != 1) {
        found.put(parameter, factor);
      }
    }
    return found;
  }

  /** Checks that every name is that of something, and that something is left to train. */
  void check(Definition definition) {
    Map<String, Double> found = of(definition);
    List<String> trained =
        definition.graph().parameters().entrySet().stream()
            .filter(entry -> entry.getValue().trainable())
            .map(Map.Entry::getKey)
            .toList();
    if (!trained.isEmpty()
        && trained.stream().allMatch(name -> found.getOrDefault(name, 1.0) == 0)) {
      throw new IllegalArgumentException(
          "every layer of model \"" + definition.name() + "\" is frozen; leave one to train");
    }
  }

  private double factor(String parameter) {
    String closest = null;
    for (String name : factors.keySet()) {
      if (isWithin(parameter, name) && (closest == null || name.length() > closest.length())) {
        closest = name;
      }
    }
    return closest == null ? 1 : factors.get(closest);
  }

  private static boolean isWithin(String parameter, String name) {
    return name.equals(ALL) || parameter.equals(name) || parameter.startsWith(name + "/");
  }

  private static Set<String> layers(Set<String> parameters) {
    Set<String> layers = new TreeSet<>();
    for (String parameter : parameters) {
      layers.add(parameter.substring(0, parameter.lastIndexOf('/')));
    }
    return layers;
  }
}
