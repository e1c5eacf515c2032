package io.weft.train;

import static io.weft.train.LogisticModel.IMAGES;
import static io.weft.train.LogisticModel.OPPOSITES;
import static io.weft.train.LogisticModel.PAIRS;
import static io.weft.train.LogisticModel.values;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.data.EmbeddedDigits;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.engine.Device;
import io.weft.layer.CausalConvolution;
import io.weft.layer.MaskType;
import io.weft.optimise.Adam;
import io.weft.optimise.RateSchedule;
import io.weft.testing.SavedModels;
import io.weft.testing.SlowChecks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A new run is its own; one that is resumed ends as if it had never stopped. */
class ResumeTest {

  @TempDir Path folder;

  private static TrainingOptions.Builder four() {
    return TrainingOptions.seed(3).steps(4).batch(IMAGES);
  }

  private static List<Double> rates(Model model, Examples examples, TrainingOptions options) {
    List<Double> rates = new ArrayList<>();
    model.train(
        examples,
        options,
        event -> {
          if (event instanceof TrainingEvent.Stepped stepped) {
            rates.add(stepped.rate());
          }
        });
    return rates;
  }

  @Test
  void aNewRunBeginsItsScheduleAnew() {
    for (RateSchedule schedule :
        List.of(
            new RateSchedule.Cosine(1e-3, 4, 0),
            new RateSchedule.WarmUp(3, RateSchedule.constant(1e-3)),
            new RateSchedule.Exponential(1e-3, 0.5))) {
      List<Double> expected = LongStream.range(0, 4).mapToObj(schedule::at).toList();
      var options = four().optimiser(Adam.withRate(schedule)).build();
      try (Model model = LogisticModel.initial()) {
        assertEquals(expected, rates(model, PAIRS, options));
        assertEquals(expected, rates(model, PAIRS, options));
        assertEquals(8, model.snapshot().steps());
        assertEquals(4, model.history().get(1).firstStep());
      }
    }
  }

  @Test
  void aNewRunIsAFunctionOfTheWeightsThatTheModelHas() {
    var options = SavedModels.options(3);
    try (Model trained = SavedModels.trained(5);
        Model copy =
            Model.of(
                trained.definition(),
                new Model.Snapshot(trained.weights(), Optional.empty(), trained.history()),
                Device.cpu())) {
      trained.train(SavedModels.EXAMPLES, options);
      copy.train(SavedModels.EXAMPLES, options);
      SavedModels.assertSame(trained.snapshot(), copy.snapshot());
      assertEquals(8, copy.snapshot().steps());
    }
  }

  @Test
  void aNewRunCountsItsOwnEpochs() {
    List<String> events = new ArrayList<>();
    var options = TrainingOptions.seed(3).epochs(2).batch(2).validateOn(OPPOSITES);
    try (Model model = LogisticModel.initial()) {
      model.train(PAIRS, TrainingOptions.seed(3).steps(4).batch(2).build());
      model.train(
          PAIRS,
          options.build(),
          event -> {
            if (event instanceof TrainingEvent.Validated validated) {
              events.add(validated.step() + " in epoch " + validated.epoch());
            }
          });
    }
    assertEquals(List.of("7 in epoch 1", "10 in epoch 2"), events);
  }

  /** Far from the raw weights, since the rate is high: whoever starts from those starts worse. */
  @Test
  void aNewRunGoesOnFromThePolyakAverage() {
    var averaging = TrainingOptions.seed(3).steps(40).batch(2).polyak(0.99);
    var still = Adam.withRate(1e-9);
    try (Model model = LogisticModel.initial()) {
      model.train(PAIRS, averaging.optimiser(Adam.withRate(0.3)).build());
      double[] average = values(model.weights());
      double[] raw = values(model.snapshot().state().orElseThrow().raw());
      assertNotEquals(average[0], raw[0], 0.01);
      model.train(PAIRS, four().steps(1).optimiser(still).build());
      assertArrayEquals(average, values(model.weights()), 1e-6);
      model.train(PAIRS, four().steps(1).optimiser(still).polyak(0.99).build());
      assertArrayEquals(average, values(model.weights()), 1e-6);
    }
  }

  private record Case(String name, TrainingOptions options) {}

  private static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (Keep keep : Keep.values()) {
      for (double polyak : new double[] {0, 0.8}) {
        var options =
            TrainingOptions.seed(3)
                .steps(14)
                .batch(4)
                .optimiser(Adam.withRate(new RateSchedule.Cosine(0.3, 14, 0.1)))
                .validateOn(OPPOSITES)
                .validateEvery(3)
                .checkpointEvery(2)
                .keep(keep);
        cases.add(
            new Case(
                keep + ", average " + polyak,
                (polyak > 0 ? options.polyak(polyak) : options).build()));
      }
    }
    cases.add(
        new Case(
            "stopping early",
            TrainingOptions.seed(3)
                .steps(60)
                .batch(4)
                .optimiser(Adam.withRate(0.3))
                .validateOn(OPPOSITES)
                .validateEvery(2)
                .stopEarly(3)
                .polyak(0.5)
                .build()));
    cases.add(
        new Case("no validation", TrainingOptions.seed(3).steps(9).batch(4).polyak(0.5).build()));
    return cases;
  }

  /** Stopped after some of its events, or after each; cases differ in which. */
  @Test
  void anInterruptedRunEndsAsIfItHadNotBeenWhereverThatWas() throws IOException {
    int apart = SlowChecks.times(4, 1);
    int first = 1;
    for (Case each : cases()) {
      try (Model whole = LogisticModel.initial()) {
        List<TrainingEvent> events = new ArrayList<>();
        TrainingRecord expected = whole.train(PAIRS, each.options(), events::add);
        for (int stop = first; stop < events.size(); stop += apart) {
          String where = each.name() + ", stopped after event " + stop;
          try (Model model = LogisticModel.initial()) {
            List<TrainingEvent> found = new ArrayList<>();
            try (Training run = model.training(PAIRS, each.options())) {
              for (int i = 0; i < stop; i++) {
                found.add(run.next());
              }
            }
            assertEquals("CANCELLED", model.history().get(0).outcome());
            model.save(folder.resolve("m"));
            resumed(each, found, expected, whole, where);
          }
        }
      }
      first = first % apart + 1;
    }
  }

  private void resumed(
      Case each, List<TrainingEvent> found, TrainingRecord expected, Model whole, String where)
      throws IOException {
    try (Model again = Model.load(folder.resolve("m"))) {
      TrainingRecord record = again.resume(PAIRS, each.options(), found::add);
      SavedModels.assertSame(whole.snapshot(), again.snapshot());
      assertEquals(1, again.history().size(), where);
      assertEquals(expected.outcome(), record.outcome(), where);
      assertEquals(expected.firstStep(), record.firstStep(), where);
      assertEquals(expected.lastStep(), record.lastStep(), where);
      assertEquals(expected.keptStep(), record.keptStep(), where);
      assertEquals(untimed(expected.validations()), untimed(record.validations()), where);
    }
  }

  /** How long it took may differ. */
  private static List<TrainingRecord.Point> untimed(List<TrainingRecord.Point> points) {
    return points.stream()
        .map(
            p ->
                new TrainingRecord.Point(
                    p.step(), p.epoch(), p.trainingBits(), p.validationBits(), 0))
        .toList();
  }

  @Test
  void aRunThatHasEndedCanBeMadeLonger() {
    var schedule = Adam.withRate(new RateSchedule.Exponential(0.1, 0.9));
    try (Model whole = LogisticModel.initial();
        Model parts = LogisticModel.initial()) {
      whole.train(PAIRS, TrainingOptions.seed(3).epochs(4).batch(4).optimiser(schedule).build());
      for (int epochs = 1; epochs <= 4; epochs++) {
        var options = TrainingOptions.seed(3).epochs(epochs).batch(4).optimiser(schedule).build();
        if (epochs == 1) {
          parts.train(PAIRS, options);
        } else {
          parts.resume(PAIRS, options);
        }
        assertEquals(2L * epochs, parts.history().get(0).lastStep());
      }
      SavedModels.assertSame(whole.snapshot(), parts.snapshot());
    }
  }

  @Test
  void aSecondRunIsResumedFromItsOwnFirstStep() {
    var options = four().optimiser(Adam.withRate(new RateSchedule.Cosine(0.1, 4, 0))).build();
    try (Model whole = LogisticModel.initial();
        Model parts = LogisticModel.initial()) {
      whole.train(PAIRS, four().build());
      parts.train(PAIRS, four().build());
      whole.train(PAIRS, options);
      try (Training run = parts.training(PAIRS, options)) {
        run.next();
        run.next();
      }
      List<Double> rates = new ArrayList<>();
      parts.resume(
          PAIRS,
          options,
          event -> {
            if (event instanceof TrainingEvent.Stepped stepped) {
              rates.add(stepped.rate());
            }
          });
      assertEquals(
          List.of(options.optimiser().rate().at(2), options.optimiser().rate().at(3)), rates);
      SavedModels.assertSame(whole.snapshot(), parts.snapshot());
      assertEquals(2, parts.history().size());
    }
  }

  @Test
  void whatIsKeptMayChange() {
    var options = TrainingOptions.seed(3).batch(IMAGES).optimiser(Adam.withRate(0.3));
    options.validateOn(OPPOSITES).validateEvery(1);
    try (Model model = LogisticModel.initial()) {
      TrainingRecord first = model.train(PAIRS, options.steps(3).keep(Keep.LAST).build());
      assertEquals(3, first.keptStep());
      TrainingRecord last = model.resume(PAIRS, options.steps(5).keep(Keep.BEST).build());
      // The best validation's weights are gone: the best that there are.
      TrainingRecord.Point kept = last.kept().orElseThrow();
      assertTrue(kept.step() >= 3, last.toString());
      assertEquals(kept.validationBits(), model.score(OPPOSITES).bitsPerDimension(), 1e-6);
    }
  }

  @Test
  void refusesWhatWouldNotGoOnWithTheRun() {
    try (Model model = LogisticModel.initial()) {
      var untrained =
          assertThrows(IllegalStateException.class, () -> model.resume(PAIRS, four().build()));
      assertTrue(untrained.getMessage().contains("no training run"), untrained.getMessage());
      model.train(PAIRS, four().polyak(0.9).build());
      Model.Snapshot before = model.snapshot();
      refused(model, PAIRS, four().steps(9), "Polyak average 0.0");
      refused(model, PAIRS, four().steps(9).polyak(0.9).batch(2), "batch 2");
      refused(model, OPPOSITES, four().steps(9).polyak(0.9), "examples");
      refused(model, PAIRS, four().polyak(0.9), "has taken 4 steps, which is all");
      refused(model, PAIRS, four().polyak(0.9).steps(2), "all that is asked for (2)");
      assertEquals(before, model.snapshot());
      model.resume(PAIRS, four().polyak(0.9).steps(5).build());
      try (Model slim =
          Model.of(
              model.definition(),
              new Model.Snapshot(model.weights(), Optional.empty(), model.history()),
              Device.cpu())) {
        var error =
            assertThrows(
                IllegalStateException.class,
                () -> slim.resume(PAIRS, four().polyak(0.9).steps(9).build()));
        assertTrue(error.getMessage().contains("without the state"), error.getMessage());
      }
    }
  }

  private static TrainingOptions.Builder onPlateau(Examples validation) {
    var halving = new RateSchedule.Plateau(RateSchedule.constant(0.3), 0.5, 1, 0);
    return four().optimiser(Adam.withRate(halving)).validateOn(validation);
  }

  @Test
  void aRateThatFollowsValidationIsGoneOnWithByTheSame() {
    try (Model model = LogisticModel.initial()) {
      model.train(PAIRS, onPlateau(OPPOSITES).validateEvery(2).build());
      refused(model, PAIRS, onPlateau(OPPOSITES).steps(9).validateEvery(3), "every 2 steps on ");
      refused(model, PAIRS, onPlateau(OPPOSITES).steps(9), "every epoch on ");
      refused(model, PAIRS, onPlateau(PAIRS).steps(9).validateEvery(2), PAIRS.description());
      model.resume(PAIRS, onPlateau(OPPOSITES).steps(9).validateEvery(2).build());
      assertEquals(9, model.history().get(0).lastStep());
    }
  }

  /** As records were before they said how such a run validates; from there on they say it. */
  @Test
  void aRecordThatSaysNothingOfValidationFitsAny() {
    try (Model model = LogisticModel.initial()) {
      var options = onPlateau(OPPOSITES).validateEvery(2).build();
      TrainingRecord now = model.train(PAIRS, options);
      TrainingRecord before =
          new TrainingRecord(
              now.started(),
              now.data(),
              options.methodWithoutValidation(),
              now.seed(),
              now.firstStep(),
              now.lastStep(),
              now.keptStep(),
              now.outcome(),
              now.versions(),
              now.validations());
      try (Model old =
          Model.of(
              model.definition(),
              new Model.Snapshot(model.weights(), model.snapshot().state(), List.of(before)),
              Device.cpu())) {
        old.resume(PAIRS, onPlateau(OPPOSITES).steps(9).validateEvery(3).build());
        refused(old, PAIRS, onPlateau(OPPOSITES).steps(12).validateEvery(2), "every 3 steps on ");
      }
    }
  }

  private static void refused(
      Model model, Examples examples, TrainingOptions.Builder options, String words) {
    var error =
        assertThrows(IllegalArgumentException.class, () -> model.resume(examples, options.build()));
    assertTrue(error.getMessage().contains(words), error.getMessage());
  }

  /** Saved by the version before runs were told apart: seven steps in two calls, one run. */
  @Test
  void aModelOfTheFirstVersionScoresAsItDidAndIsResumed() throws Exception {
    ImageSet digits = EmbeddedDigits.count(12).size(8).levels(3).seed(5).grey();
    Examples examples = Examples.labelled(digits, "class");
    RateSchedule schedule = new RateSchedule.Cosine(1e-3, 10, 0);
    var options =
        TrainingOptions.seed(3)
            .batch(5)
            .polyak(0.9)
            .clipNorm(1)
            .optimiser(Adam.withRate(schedule))
            .validateOn(examples)
            .validateEvery(2);
    Path old =
        Path.of(ResumeTest.class.getResource("/io/weft/internal/save/model-of-version-1").toURI());
    try (Model model = Model.load(old)) {
      assertEquals(oldDefinition(digits), model.definition());
      assertEquals(1.5138857695370747, model.score(examples).bitsPerDimension(), 1e-6);
      assertEquals(7, model.snapshot().steps());
      assertEquals(7, model.history().get(1).keptStep());
      List<Double> rates = new ArrayList<>();
      TrainingListener listener =
          event -> {
            if (event instanceof TrainingEvent.Stepped stepped) {
              rates.add(stepped.rate());
            }
          };
      TrainingRecord record = model.resume(examples, options.steps(9).build(), listener);
      assertEquals(List.of(schedule.at(7), schedule.at(8)), rates);
      assertEquals(2, model.history().size());
      assertEquals(4, record.firstStep());
      assertEquals(9, record.lastStep());
      assertTrue(record.kept().orElseThrow().validationBits() <= 1.5138857695370747);
      rates.clear();
      model.train(examples, options.steps(1).build(), listener);
      assertEquals(List.of(schedule.at(0)), rates);
    }
  }

  private static Definition oldDefinition(ImageSet digits) {
    ModelBuilder model = ModelBuilder.of("old", digits.spec());
    var label = model.classCondition("class", 10);
    var first =
        model
            .image()
            .apply("first", CausalConvolution.square(3, 3, MaskType.A))
            .conditionedOn(label)
            .batchNormalisation();
    return model.softmax(first.relu().conv1x1(3));
  }
}
