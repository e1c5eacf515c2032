package io.weft.train;

import static io.weft.train.LogisticModel.IMAGES;
import static io.weft.train.LogisticModel.OPPOSITES;
import static io.weft.train.LogisticModel.PAIRS;
import static io.weft.train.LogisticModel.values;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.engine.Device;
import io.weft.optimise.Adam;
import io.weft.optimise.RateSchedule;
import io.weft.optimise.RmsProp;
import io.weft.testing.SavedModels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs on trained models, with a schedule of their own. */
class FineTuneTest {

  @TempDir Path folder;

  private static TrainingOptions.Builder steps(long count) {
    return TrainingOptions.seed(1)
        .steps(count)
        .batch(IMAGES)
        .optimiser(Adam.withRate(new RateSchedule.Exponential(0.02, 0.9)))
        .polyak(0.5);
  }

  /** All images are a batch, so that their order makes no difference but for rounding. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void keptItIsTheRunBeforeThatGoesOn(boolean micro) {
    var rate = Adam.withRate(0.02);
    try (Model whole = LogisticModel.initial();
        Model parts = LogisticModel.initial()) {
      // Of this run nothing is kept by the next: its optimiser begins anew.
      whole.train(PAIRS, in(micro, steps(3).optimiser(rate)));
      parts.train(PAIRS, in(micro, steps(3).optimiser(rate)));
      whole.train(PAIRS, in(micro, steps(9).optimiser(rate)));
      parts.train(PAIRS, in(micro, steps(5).optimiser(rate)));
      var record = parts.train(PAIRS, in(micro, steps(4).optimiser(rate).fineTune(FineTune.KEPT)));
      assertArrayEquals(values(whole.weights()), values(parts.weights()), 1e-6);
      assertArrayEquals(
          values(whole.snapshot().state().orElseThrow().raw()),
          values(parts.snapshot().state().orElseThrow().raw()),
          1e-6);
      assertEquals(3, parts.history().size());
      assertEquals(8, record.firstStep());
      assertTrue(
          record.options().startsWith("fine-tuning with optimiser and average kept, seed 1"),
          record.options());
    }
  }

  private static TrainingOptions in(boolean micro, TrainingOptions.Builder options) {
    return (micro ? options.microBatch(IMAGES) : options).build();
  }

  @Test
  void freshItBeginsFromTheModelsWeightsWithAScheduleOfItsOwn() {
    try (Model model = LogisticModel.initial()) {
      model.train(PAIRS, steps(5).build());
      try (Model same = Model.of(LogisticModel.DEFINITION, model.snapshot(), Device.cpu())) {
        same.train(OPPOSITES, steps(3).build());
        var record =
            model.train(
                OPPOSITES,
                steps(3)
                    .fineTune(FineTune.FRESH)
                    .listen(
                        event -> {
                          if (event instanceof TrainingEvent.Stepped stepped
                              && stepped.step() == 6) {
                            assertEquals(0.02, stepped.rate(), "the schedule begins anew");
                          }
                        })
                    .build());
        SavedModels.assertSame(same.snapshot(), model.snapshot());
        assertTrue(
            record.options().startsWith("fine-tuning with optimiser and average fresh"),
            record.options());
      }
    }
  }

  @Test
  void itIsGoneOnWithToTheBit() {
    try (Model whole = LogisticModel.initial();
        Model parts = LogisticModel.initial()) {
      whole.train(PAIRS, steps(3).build());
      parts.train(PAIRS, steps(3).build());
      whole.train(OPPOSITES, steps(6).fineTune(FineTune.KEPT).build());
      parts.train(OPPOSITES, steps(2).fineTune(FineTune.KEPT).build());
      var plain = steps(6).build();
      assertThrows(IllegalArgumentException.class, () -> parts.resume(OPPOSITES, plain));
      parts.resume(OPPOSITES, steps(6).fineTune(FineTune.KEPT).build());
      SavedModels.assertSame(whole.snapshot(), parts.snapshot());
    }
  }

  /** With the model's first step, and with neither that nor the run's. */
  @ParameterizedTest
  @ValueSource(longs = {0, 3})
  void whereItsOptimiserBeganIsSaved(long before) throws IOException {
    try (Model whole = LogisticModel.initial();
        Model parts = LogisticModel.initial()) {
      for (Model model : List.of(whole, parts)) {
        if (before > 0) {
          model.train(PAIRS, steps(before).build());
        }
        model.train(PAIRS, steps(4).build());
      }
      whole.train(OPPOSITES, steps(6).fineTune(FineTune.KEPT).build());
      parts.train(OPPOSITES, steps(2).fineTune(FineTune.KEPT).build());
      parts.save(folder.resolve("m"));
      try (Model again = Model.load(folder.resolve("m"))) {
        assertEquals(before, again.snapshot().state().orElseThrow().optimiserStart());
        again.resume(OPPOSITES, steps(6).fineTune(FineTune.KEPT).build());
        SavedModels.assertSame(whole.snapshot(), again.snapshot());
      }
    }
  }

  @Test
  void refusesWhatIsNotThere() {
    try (Model model = LogisticModel.initial()) {
      for (FineTune how : FineTune.values()) {
        var options = steps(1).fineTune(how).build();
        assertThrows(RuntimeException.class, () -> model.train(PAIRS, options));
      }
      model.train(PAIRS, steps(1).build());
      var other = steps(1).optimiser(RmsProp.withRate(0.1)).fineTune(FineTune.KEPT).build();
      var error = assertThrows(IllegalArgumentException.class, () -> model.train(PAIRS, other));
      assertTrue(
          error.getMessage().contains("mean-square") || error.getMessage().contains("RmsProp"));
      try (Model stateless = model.withoutTrainingState()) {
        var kept = steps(1).fineTune(FineTune.KEPT).build();
        var missing = assertThrows(IllegalStateException.class, () -> stateless.train(PAIRS, kept));
        assertTrue(missing.getMessage().contains("fresh"), missing.getMessage());
      }
    }
  }
}
