package io.weft.testing;

import io.weft.define.Definition;
import io.weft.weight.Weights;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** Weights in which nothing is left at 0 or 1: biases, scales and statistics vary like kernels. */
public final class RandomWeights {

  private RandomWeights() {}

  public static Weights of(Definition definition, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Weights initial = Weights.initial(definition, seed);
    Map<String, float[]> values = new HashMap<>();
    for (String name : initial.names()) {
      float[] array = initial.values(name);
      boolean kernel = initial.parameter(name).rows() > 1;
      boolean positive = name.endsWith("variance") || name.endsWith("scale");
      for (int i = 0; i < array.length && !kernel; i++) {
        array[i] = (float) (random.nextDouble() + (positive ? 0.5 : -0.5));
      }
      values.put(name, array);
    }
    return Weights.of(definition, values);
  }
}
