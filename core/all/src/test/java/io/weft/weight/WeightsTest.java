package io.weft.weight;

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
        1, 0, RunLoss.NONE, raw, average, Map.of("first-moment", first, "second-moment", second));
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
