package io.weft.train;

import static io.weft.train.LogisticModel.IMAGES;
import static io.weft.train.LogisticModel.OPPOSITES;
import static io.weft.train.LogisticModel.PAIRS;
import static io.weft.train.LogisticModel.values;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.optimise.Adam;
import io.weft.optimise.RateSchedule;
import io.weft.watch.CheckpointSaver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which weights a model has after training, and that these are never some that have diverged. */
class KeepTest {

  @TempDir Path folder;

  /** What is learned makes validation worse from some step on. */
  private static TrainingOptions.Builder overfitting() {
    return TrainingOptions.seed(1)
        .steps(40)
        .batch(IMAGES)
        .optimiser(Adam.withRate(0.3))
        .validateOn(OPPOSITES)
        .validateEvery(1);
  }

  /** Logits of thousands: finite, and of no use. */
  private static TrainingOptions.Builder diverging() {
    return TrainingOptions.seed(1).steps(6).batch(IMAGES).optimiser(Adam.withRate(1e4));
  }

  private static TrainingRecord.Point best(TrainingRecord record) {
    return record.validations().stream()
        .min(Comparator.comparingDouble(TrainingRecord.Point::validationBits))
        .orElseThrow();
  }

  @Test
  void theBestByValidationIsKept() {
    try (Model model = LogisticModel.initial()) {
      TrainingRecord record = model.train(PAIRS, overfitting().build());
      TrainingRecord.Point best = best(record);
      assertTrue(best.step() < 40, record.toString());
      assertEquals(best.step(), record.keptStep());
      assertEquals(best, record.kept().orElseThrow());
      assertEquals(40, record.lastStep());
      assertEquals(best.validationBits(), model.score(OPPOSITES).bitsPerDimension(), 1e-6);
    }
  }

  @Test
  void theModelHasTheBestSoFarWhileItTrains() {
    List<Double> bits = new ArrayList<>();
    try (Model model = LogisticModel.initial()) {
      model.train(
          PAIRS,
          overfitting().build(),
          event -> {
            if (event instanceof TrainingEvent.Validated validated) {
              bits.add(validated.validationBits());
              double best = bits.stream().mapToDouble(b -> b).min().orElseThrow();
              assertEquals(best, model.score(OPPOSITES).bitsPerDimension(), 1e-6);
              assertEquals(best == validated.validationBits(), validated.best());
            }
          });
    }
  }

  @Test
  void theLastIsKeptWhereThatIsAskedForOrNothingIsValidated() {
    try (Model model = LogisticModel.initial()) {
      TrainingRecord record = model.train(PAIRS, overfitting().keep(Keep.LAST).build());
      assertEquals(40, record.keptStep());
      double last = record.validations().get(39).validationBits();
      assertTrue(last > best(record).validationBits());
      assertEquals(last, model.score(OPPOSITES).bitsPerDimension(), 1e-6);
      TrainingRecord blind = model.train(PAIRS, TrainingOptions.seed(1).steps(3).build());
      assertEquals(43, blind.keptStep());
      assertTrue(blind.kept().isEmpty());
    }
  }

  @Test
  void theBestNeedsValidation() {
    var error =
        assertThrows(
            IllegalArgumentException.class, () -> TrainingOptions.seed(1).keep(Keep.BEST).build());
    assertTrue(error.getMessage().contains("validateOn"), error.getMessage());
    assertEquals(Keep.BEST, overfitting().build().keep());
    assertEquals(Keep.LAST, TrainingOptions.seed(1).build().keep());
  }

  @Test
  void earlyStoppingMayKeepTheLast() {
    try (Model model = LogisticModel.initial()) {
      TrainingRecord record =
          model.train(PAIRS, overfitting().steps(99).stopEarly(3).keep(Keep.LAST).build());
      assertEquals("STOPPED_EARLY", record.outcome());
      assertEquals(best(record).step() + 3, record.lastStep());
      assertEquals(record.lastStep(), record.keptStep());
    }
  }

  @Test
  void aTrainingThatDivergesIsAFailureAndTheModelStaysAsItWas() {
    for (var options :
        List.of(
            diverging(),
            diverging().validateOn(OPPOSITES).validateEvery(2),
            diverging().validateOn(PAIRS).validateEvery(2).keep(Keep.LAST),
            diverging().polyak(0.1),
            diverging().validateOn(PAIRS).stopEarly(1).validateEvery(1))) {
      try (Model model = LogisticModel.initial()) {
        model.train(PAIRS, TrainingOptions.seed(1).steps(3).build());
        double[] before = values(model.weights());
        List<TrainingEvent> events = new ArrayList<>();
        var error =
            assertThrows(
                TrainingException.class,
                () -> model.train(PAIRS, options.checkpointEvery(2).build(), events::add));
        assertTrue(error.getMessage().contains("has diverged"), error.getMessage());
        assertTrue(error.getMessage().contains("keeps the weights of step"), error.getMessage());
        TrainingRecord record = model.history().get(1);
        assertEquals("FAILED", record.outcome());
        if (record.keptStep() == 3) {
          assertArrayEquals(before, values(model.weights()));
        }
        double bits = model.score(PAIRS).bitsPerDimension();
        assertTrue(bits < 2.5, bits + " after " + record);
        assertEquals(
            TrainingEvent.Reason.FAILED,
            ((TrainingEvent.Finished) events.get(events.size() - 1)).reason());
      }
    }
  }

  /** Whatever is not finite first: the loss, the weights, or Adam's moments. */
  @Test
  void aRateBeyondAllBoundsLeavesFiniteWeights() {
    for (double rate : new double[] {1e20, 1e30, 1e38, 3e38, 1e39, 1e300}) {
      for (int checkpoints : new int[] {1, 100}) {
        try (Model model = LogisticModel.initial()) {
          var options =
              diverging()
                  .optimiser(Adam.withRate(rate))
                  .checkpointEvery(checkpoints)
                  .steps(100)
                  .build();
          var error =
              assertThrows(TrainingException.class, () -> model.train(PAIRS, options), "" + rate);
          assertTrue(error.getMessage().startsWith("step "), error.getMessage());
          for (double value : values(model.weights())) {
            assertTrue(Double.isFinite(value), rate + ": " + value);
          }
          model.history().forEach(record -> assertEquals("FAILED", record.outcome()));
          // The run is over, and another can begin.
          model.training(PAIRS, options).close();
        }
      }
    }
  }

  @Test
  void whatHasDivergedIsNotSavedOverAModel() throws Exception {
    Path place = folder.resolve("m");
    try (Model good = LogisticModel.initial()) {
      good.train(PAIRS, TrainingOptions.seed(1).steps(3).build());
      good.save(place);
      try (Model model = LogisticModel.initial()) {
        var options =
            diverging()
                .validateOn(PAIRS)
                .validateEvery(2)
                .listen(CheckpointSaver.to(place, model))
                .build();
        assertThrows(TrainingException.class, () -> model.train(PAIRS, options));
      }
      try (Model found = Model.load(place)) {
        assertArrayEquals(values(good.weights()), values(found.weights()));
      }
    }
  }

  @Test
  void cancellingWhatHasDivergedLeavesTheModelAsItWas() {
    try (Model model = LogisticModel.initial()) {
      double[] before = values(model.weights());
      try (Training run = model.training(PAIRS, diverging().validateOn(PAIRS).build())) {
        while (!(run.next() instanceof TrainingEvent.Validated)) {}
      }
      assertArrayEquals(before, values(model.weights()));
      TrainingRecord record = model.history().get(0);
      assertEquals("CANCELLED", record.outcome());
      assertEquals(0, record.keptStep());
    }
  }

  @Test
  void theBestBeforeARunDivergesIsKept() {
    // Harmless for three steps, then far too high.
    RateSchedule rising = new RateSchedule.WarmUp(1_000_000, RateSchedule.constant(1e5));
    try (Model model = LogisticModel.initial()) {
      TrainingRecord record =
          model.train(
              PAIRS,
              TrainingOptions.seed(1)
                  .steps(60)
                  .batch(IMAGES)
                  .optimiser(Adam.withRate(rising))
                  .validateOn(PAIRS)
                  .validateEvery(1)
                  .build());
      assertEquals("COMPLETED", record.outcome());
      assertEquals(best(record).step(), record.keptStep());
      assertFalse(model.score(PAIRS).bitsPerDimension() > 1);
    }
  }
}
