package io.weft.testing;

import io.weft.define.Definition;
import io.weft.weight.Weights;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** Weights in which nothing is left at 0 or 1: biases, scales and statistics vary as well. */
public final class RandomWeights {

  private RandomWeights() {}

  public static Weights of(Definition definition, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Weights initial = Weights.initial(definition, seed);
    Map<String, float[]> values = new HashMap<>();
    for (String name : initial.names()) {
      float[] array = initial.values(name);
      boolean positive = name.endsWith("variance") || name.endsWith("scale");
      for (int i = 0; i < array.length; i++) {
        double u = random.nextDouble();
        array[i] = (float) (positive ? 0.5 + u : array[i] + 0.6 * (u - 0.5) / (1 + i % 2));
      }
      if (definition.graph().parameters().get(name).rows() > 1) {
        array = initial.values(name);
      }
      values.put(name, array);
    }
    return Weights.of(definition, values);
  }
}
