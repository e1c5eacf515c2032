package io.weft.weight;

/** Numbers that are neither infinite nor NaN: the only ones that a model computes with. */
final class Finite {

  private Finite() {}

  /**
   * Checks numbers.
   *
   * <p>Here, not in the results: a network may swallow what is no number, as the larger of 0 and
   * NaN is 0 in TensorFlow, and then finds every image equally likely.
   *
   * @param what the kind of the numbers, such as "parameter"
   * @param name the parameter that they belong to
   * @throws IllegalArgumentException if one is not finite; the message names it and its index
   */
  static void check(String what, String name, float[] values) {
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new IllegalArgumentException(
            what
                + " "
                + name
                + " is "
                + values[i]
                + " at index "
                + i
                + " of "
                + values.length
                + ", expected finite numbers; nothing is computed with such weights (did a training"
                + " diverge?)");
      }
    }
  }
}
