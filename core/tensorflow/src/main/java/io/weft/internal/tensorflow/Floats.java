package io.weft.internal.tensorflow;

import java.util.List;

/** Numbers of a list as an array. */
final class Floats {

  private Floats() {}

  /** Returns the numbers. */
  static float[] of(List<Float> list) {
    float[] array = new float[list.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = list.get(i);
    }
    return array;
  }
}
