package io.weft.expression;

import java.util.List;
import java.util.Objects;

/**
 * A learned (or measured) array of a layer: its name within the layer, its shape and its start.
 * Values live in the model, never here.
 *
 * @param name the name within the layer, such as "kernel"
 * @param dimensions the sizes, the last one being the width of what the parameter gives
 * @param initializer how the values start
 * @param role how training treats it
 */
public record Parameter(String name, List<Integer> dimensions, Initializer initializer, Role role) {

  /** What training does with a parameter. */
  public enum Role {
    /** Learned, and shrunk by weight decay where that is asked for. */
    WEIGHT,
    /** Learned, never decayed: biases and scales. */
    OFFSET,
    /** Not learned by gradients but measured during training: means and variances. */
    STATISTIC
  }

  /** Checks the sizes and freezes the list. */
  public Parameter {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(initializer, "initializer");
    Objects.requireNonNull(role, "role");
    dimensions = List.copyOf(dimensions);
    long size = 1;
    for (int d : dimensions) {
      if (d < 1) {
        throw new IllegalArgumentException(
            "parameter \"" + name + "\" has a size below 1: " + dimensions);
      }
      size *= d;
      if (size > Integer.MAX_VALUE / 4) {
        throw new IllegalArgumentException(
            "parameter \"" + name + "\" of " + dimensions + " is beyond 2^29 values");
      }
    }
    if (dimensions.isEmpty()) {
      throw new IllegalArgumentException("parameter \"" + name + "\" needs a dimension");
    }
  }

  /** Returns a learned matrix or kernel; all dimensions but the last are read together. */
  public static Parameter weight(String name, Initializer initializer, Integer... dimensions) {
    return new Parameter(name, List.of(dimensions), initializer, Role.WEIGHT);
  }

  /** Returns a learned vector that weight decay leaves alone. */
  public static Parameter offset(String name, Initializer initializer, int width) {
    return new Parameter(name, List.of(width), initializer, Role.OFFSET);
  }

  /** Returns a measured vector. */
  public static Parameter statistic(String name, Initializer initializer, int width) {
    return new Parameter(name, List.of(width), initializer, Role.STATISTIC);
  }

  /** Returns the number of values. */
  public int size() {
    return dimensions.stream().reduce(1, (a, b) -> a * b);
  }

  /** Returns the last dimension. */
  public int columns() {
    return dimensions.get(dimensions.size() - 1);
  }

  /** Returns the product of all dimensions but the last. */
  public int rows() {
    return size() / columns();
  }

  /** Returns whether gradients change it. */
  public boolean trainable() {
    return role != Role.STATISTIC;
  }
}
