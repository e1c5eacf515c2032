package io.weft.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.optimise.Optimiser;
import io.weft.optimise.RateSchedule;
import io.weft.testing.Optimisers;
import io.weft.testing.SavedModels;
import io.weft.weight.Weights;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Frozen layers, and layers with a learning rate of their own. */
class LayerRatesTest {

  private static TrainingOptions.Builder steps(long count) {
    return TrainingOptions.seed(3).steps(count).batch(8).weightDecay(0.1).polyak(0.5);
  }

  private static Weights trained(TrainingOptions.Builder options) {
    try (Model model = Model.initial(SavedModels.definition(), 1)) {
      model.train(SavedModels.EXAMPLES, options.build());
      return model.weights();
    }
  }

  private static void assertFrozen(Weights found, String... layers) {
    Weights start = Weights.initial(SavedModels.definition(), 1);
    for (String name : start.names()) {
      boolean frozen = Arrays.stream(layers).anyMatch(layer -> name.startsWith(layer + "/"));
      boolean same = Arrays.equals(start.values(name), found.values(name));
      assertEquals(frozen, same, name);
    }
  }

  @Test
  void frozenLayersStayWithTheirStatistics() {
    String[] frozen = {"first", "batch-norm"};
    assertFrozen(trained(steps(2).freeze(frozen)), frozen);
    assertFrozen(trained(steps(2).microBatch(4).freeze(frozen)), frozen);
  }

  @Test
  void allButSomeAreFrozen() {
    Weights start = Weights.initial(SavedModels.definition(), 1);
    Weights found = trained(steps(2).trainOnly("second"));
    for (String name : start.names()) {
      assertEquals(
          !name.startsWith("second/"), Arrays.equals(start.values(name), found.values(name)), name);
    }
  }

  /** The first step of every optimiser is in proportion to the rate. */
  @Test
  void aLayersRateIsMultiplied() {
    for (Optimiser optimiser : Optimisers.at(RateSchedule.constant(0.01))) {
      try (Model plain = LogisticModel.initial();
          Model tenth = LogisticModel.initial();
          Model parts = LogisticModel.initial()) {
        double[] start = LogisticModel.values(plain.weights());
        var options = TrainingOptions.seed(1).steps(1).optimiser(optimiser);
        plain.train(LogisticModel.PAIRS, options.build());
        tenth.train(LogisticModel.PAIRS, options.layerRate("conv1x1/kernel", 0.1).build());
        parts.train(LogisticModel.PAIRS, options.microBatch(2).build());
        double[] whole = LogisticModel.values(plain.weights());
        double[] less = LogisticModel.values(tenth.weights());
        assertEquals(0.1 * (whole[0] - start[0]), less[0] - start[0], 1e-7, optimiser.toString());
        assertEquals(whole[1], less[1]);
        assertArrayEquals(less, LogisticModel.values(parts.weights()), 1e-6);
      }
    }
  }

  @Test
  void theLongestNameCounts() {
    var definition = SavedModels.definition();
    Map<String, Double> found =
        steps(1)
            .layerRate("first", 0.5)
            .layerRate("first/bias", 1)
            .freeze("second")
            .build()
            .layerRates()
            .of(definition);
    assertEquals(
        new TreeMap<>(Map.of("first/kernel", 0.5, "second/kernel", 0.0, "second/bias", 0.0)),
        new TreeMap<>(found));
  }

  @Test
  void whatIsNotThereIsNamedWithWhatIs() {
    var error =
        assertThrows(IllegalArgumentException.class, () -> trained(steps(1).freeze("frist")));
    assertTrue(
        error
            .getMessage()
            .startsWith("model \"small\" has no layer \"frist\" with anything to train; it has "),
        error.getMessage());
    assertTrue(error.getMessage().contains(", first, "), error.getMessage());
    var all = assertThrows(IllegalArgumentException.class, () -> trained(steps(1).trainOnly()));
    assertTrue(all.getMessage().contains("every layer"), all.getMessage());
    assertThrows(IllegalArgumentException.class, () -> steps(1).layerRate("first", -1));
    String method = steps(1).freeze("first").build().method();
    assertTrue(method.contains("layer rates {first=0.0}"), method);
  }
}
