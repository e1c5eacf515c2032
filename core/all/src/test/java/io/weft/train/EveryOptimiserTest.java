package io.weft.train;

import static io.weft.train.LogisticModel.OPPOSITES;
import static io.weft.train.LogisticModel.PAIRS;
import static io.weft.train.LogisticModel.values;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.optimise.Optimiser;
import io.weft.optimise.RateSchedule;
import io.weft.testing.Optimisers;
import io.weft.testing.SavedModels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds of every optimiser, and of every learning rate. */
class EveryOptimiserTest {

  @TempDir private Path folder;

  /** Every optimiser at one rate, and one optimiser at every rate. */
  static Stream<Optimiser> optimisers() {
    return Stream.concat(
        Optimisers.at(RateSchedule.constant(0.01)).stream(),
        Optimisers.rates().stream().map(rate -> Optimisers.at(rate).get(0)));
  }

  @Test
  void noneIsLeftOut() {
    tried(Optimiser.class, Optimisers.at(RateSchedule.constant(0.01)), "at");
    tried(RateSchedule.class, Optimisers.rates(), "rates");
  }

  private static <T> void tried(Class<T> sum, List<? extends T> samples, String where) {
    List<?> classes = samples.stream().<Class<?>>map(Object::getClass).toList();
    for (Class<?> one : sum.getPermittedSubclasses()) {
      assertTrue(
          classes.contains(one),
          () ->
              "no test trains with "
                  + one.getSimpleName()
                  + ": add one to io.weft.testing.Optimisers."
                  + where);
    }
  }

  private static TrainingOptions steps(long count, Optimiser optimiser) {
    return options(count, optimiser).build();
  }

  /** Validated on what gets worse, so that rates that follow validation change. */
  private static TrainingOptions.Builder options(long count, Optimiser optimiser) {
    return TrainingOptions.seed(3)
        .steps(count)
        .batch(4)
        .optimiser(optimiser)
        .polyak(0.8)
        .validateOn(OPPOSITES)
        .validateEvery(2)
        .keep(Keep.LAST);
  }

  @ParameterizedTest
  @MethodSource("optimisers")
  void theLossFalls(Optimiser optimiser) {
    try (Model model = LogisticModel.initial()) {
      double before = model.score(PAIRS).meanNats();
      model.train(PAIRS, steps(12, optimiser));
      double after = model.score(PAIRS).meanNats();
      assertTrue(after < before, before + " nats before, " + after + " after");
    }
  }

  @ParameterizedTest
  @MethodSource("optimisers")
  void aSavedRunGoesOnAsIfItHadNeverStopped(Optimiser optimiser) throws IOException {
    Path saved = folder.resolve("model");
    try (Model whole = LogisticModel.initial();
        Model part = LogisticModel.initial()) {
      whole.train(PAIRS, steps(9, optimiser));
      part.train(PAIRS, steps(4, optimiser));
      part.save(saved);
      try (Model loaded = Model.load(saved)) {
        var state = loaded.snapshot().state().orElseThrow();
        assertEquals(Set.copyOf(optimiser.slots()), state.slots().keySet());
        SavedModels.assertSame(part.snapshot(), loaded.snapshot());
        loaded.resume(PAIRS, steps(9, optimiser));
        SavedModels.assertSame(whole.snapshot(), loaded.snapshot());
      }
    }
  }

  /** The engine's steps and Java's. */
  @ParameterizedTest
  @MethodSource("optimisers")
  void javaTakesTheStepsOfTheEngine(Optimiser optimiser) {
    try (Model whole = LogisticModel.initial();
        Model parts = LogisticModel.initial()) {
      whole.train(PAIRS, steps(6, optimiser));
      parts.train(PAIRS, options(6, optimiser).microBatch(3).build());
      var expected = whole.snapshot().state().orElseThrow();
      var found = parts.snapshot().state().orElseThrow();
      assertArrayEquals(values(whole.weights()), values(parts.weights()), 2e-6);
      assertArrayEquals(values(expected.raw()), values(found.raw()), 2e-6);
      expected
          .slots()
          .forEach(
              (slot, arrays) ->
                  arrays.forEach(
                      (name, array) ->
                          assertArrayEquals(array, found.slots().get(slot).get(name), 2e-6f)));
    }
  }

  @Test
  void whatAnotherLeftIsNotGoneOnWith() {
    List<Optimiser> all = Optimisers.at(RateSchedule.constant(0.01));
    for (int i = 1; i < all.size(); i++) {
      Optimiser before = all.get(i - 1);
      Optimiser now = all.get(i);
      try (Model model = LogisticModel.initial()) {
        model.train(PAIRS, steps(1, before));
        var error =
            assertThrows(IllegalArgumentException.class, () -> model.resume(PAIRS, steps(2, now)));
        assertTrue(error.getMessage().contains(before.toString()), error.getMessage());
        assertTrue(error.getMessage().contains(now.toString()), error.getMessage());
      }
    }
  }

  /** From the first step on, and however long a run is. */
  @Test
  void everyRateIsOne() {
    for (RateSchedule rate : Optimisers.rates()) {
      for (long step : new long[] {0, 1, 5, 6, 7, 100, Long.MAX_VALUE}) {
        double found = rate.at(step);
        assertTrue(found >= 0 && found <= 0.01, rate + " is " + found + " at step " + step);
      }
      assertTrue(rate.at(0) > 0, rate + " begins at 0");
    }
  }
}
