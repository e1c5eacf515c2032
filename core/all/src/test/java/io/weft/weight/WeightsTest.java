package io.weft.weight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.define.Definition;
import io.weft.model.PixelCnn;
import io.weft.spec.ImageSpec;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Only finite numbers are weights. */
class WeightsTest {

  private static final Definition SMALL = PixelCnn.of(new ImageSpec(4, 4, 1, 4), 1, 4, 3);
  private static final String NAME = "head/conv1x1/bias";

  private static Map<String, float[]> values() {
    Weights initial = Weights.initial(SMALL, 1);
    Map<String, float[]> values = new HashMap<>();
    initial.names().forEach(name -> values.put(name, initial.values(name)));
    return values;
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void whatIsNotFiniteIsNamed(float bad) {
    Map<String, float[]> broken = values();
    broken.get(NAME)[2] = bad;
    refused(() -> Weights.of(SMALL, broken), "parameter " + NAME + " is " + bad + " at index 2");

    Weights good = Weights.of(SMALL, values());
    Optional<Map<String, float[]>> none = Optional.empty();
    refused(() -> state(good, Optional.of(broken), values(), values()), "average of " + NAME);
    refused(() -> state(good, none, broken, values()), "first-moment of " + NAME);
    refused(() -> state(good, none, values(), broken), "second-moment of " + NAME);
  }

  private static TrainingState state(
      Weights raw,
      Optional<Map<String, float[]>> average,
      Map<String, float[]> first,
      Map<String, float[]> second) {
    return new TrainingState(
        1,
        0,
        0,
        RunLoss.NONE,
        raw,
        average,
        Map.of("first-moment", first, "second-moment", second));
  }

  /** To the nearest, of two such the even one; what is no matrix stays. */
  @Test
  void halfPrecisionRoundsMatrices() {
    String kernel = SMALL.graph().parameters().keySet().iterator().next();
    float[][] cases = {
      {1, 1},
      {1 + 0x1p-8f, 1},
      {1 + 0x3p-8f, 1 + 0x1p-6f},
      {1 + 0x1.8p-8f, 1 + 0x1p-7f},
      {-3.1415927f, -3.140625f},
      {0x1p-140f, 0},
      {0, 0},
      {Float.MAX_VALUE, Float.intBitsToFloat(0x7f7f0000)},
      {-Float.MAX_VALUE, Float.intBitsToFloat(0xff7f0000)},
    };
    Map<String, float[]> values = values();
    values.get(NAME)[0] = 3.1415927f;
    for (int i = 0; i < cases.length; i++) {
      values.get(kernel)[i] = cases[i][0];
    }
    Weights half = Weights.of(SMALL, values).inHalfPrecision();
    for (int i = 0; i < cases.length; i++) {
      assertEquals(cases[i][1], half.values(kernel)[i], "of " + cases[i][0]);
    }
    assertEquals(3.1415927f, half.values(NAME)[0]);
    for (float value : half.values(kernel)) {
      assertEquals(0, Float.floatToRawIntBits(value) & 0xffff);
    }
  }

  @Test
  void theLargestNumbersAreWeights() {
    Map<String, float[]> large = values();
    large.values().forEach(array -> Arrays.fill(array, Float.MAX_VALUE));
    Weights.of(SMALL, large);
  }

  private static void refused(Executable making, String message) {
    var error = assertThrows(IllegalArgumentException.class, making);
    assertTrue(error.getMessage().contains(message), error.getMessage());
  }
}
