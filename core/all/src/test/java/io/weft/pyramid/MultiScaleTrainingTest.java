package io.weft.pyramid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.data.Example;
import io.weft.data.Examples;
import io.weft.optimise.RateSchedule;
import io.weft.optimise.RmsProp;
import io.weft.save.ModelFormatException;
import io.weft.spec.ConditionValues;
import io.weft.testing.SavedModels;
import io.weft.train.FineTune;
import io.weft.train.TrainingEvent;
import io.weft.train.TrainingOptions;
import io.weft.train.TrainingRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A pyramid is trained, resumed, saved and loaded as one. */
class MultiScaleTrainingTest {

  private static final MultiScale PYRAMID = Pyramids.ofDigits();
  private static final Examples EXAMPLES = Pyramids.EXAMPLES;

  @TempDir Path folder;

  private static TrainingOptions steps(long count) {
    return TrainingOptions.seed(3)
        .steps(count)
        .batch(8)
        .optimiser(RmsProp.withRate(3e-3))
        .validateOn(EXAMPLES)
        .validateEvery(5)
        .build();
  }

  private static void assertSame(MultiScaleModel expected, MultiScaleModel found) {
    SavedModels.assertSame(expected.small().snapshot(), found.small().snapshot());
    SavedModels.assertSame(expected.large().snapshot(), found.large().snapshot());
  }

  @Test
  void bothModelsAreTrainedOneAfterTheOther() {
    List<ScaledEvent> events = new ArrayList<>();
    try (MultiScaleModel model = MultiScaleModel.initial(PYRAMID, 1)) {
      double before = model.score(EXAMPLES).bitsPerDimension();
      model.train(EXAMPLES, steps(40), events::add);
      double after = model.score(EXAMPLES).bitsPerDimension();
      assertTrue(after < 0.9 * before, before + " -> " + after);
      assertTrue(model.scoreBound(EXAMPLES).bitsPerDimension() > after);
    }
    int half = events.size() / 2;
    assertEquals(2 * half, events.size());
    for (int i = 0; i < events.size(); i++) {
      assertEquals(i < half ? Size.SMALL : Size.LARGE, events.get(i).size());
    }
    assertTrue(events.get(half - 1).event() instanceof TrainingEvent.Finished);
    assertTrue(events.get(2 * half - 1).event() instanceof TrainingEvent.Finished);
    assertEquals(
        80, events.stream().filter(e -> e.event() instanceof TrainingEvent.Stepped).count());
  }

  private static void interrupted(TrainingRun<?> run, int afterEvents) {
    try (run) {
      for (int i = 0; i < afterEvents; i++) {
        run.next();
      }
    }
  }

  /** Wherever it stops, in the small model or in the large one. */
  @Test
  void anInterruptedTrainingGoesOnAsIfItHadNeverStopped() throws IOException {
    try (MultiScaleModel whole = MultiScaleModel.initial(PYRAMID, 1)) {
      whole.train(EXAMPLES, steps(10));
      for (int stop : new int[] {3, 12, 17}) {
        Path saved = folder.resolve("stopped-at-" + stop);
        try (MultiScaleModel part = MultiScaleModel.initial(PYRAMID, 1)) {
          interrupted(part.training(EXAMPLES, steps(10)), stop);
          part.save(saved);
        }
        try (MultiScaleModel loaded = MultiScaleModel.load(saved)) {
          loaded.resume(EXAMPLES, steps(10));
          assertSameWeights(whole, loaded);
          var done =
              assertThrows(
                  IllegalArgumentException.class, () -> loaded.resuming(EXAMPLES, steps(10)));
          assertTrue(done.getMessage().contains("all that is asked for"), done.getMessage());
        }
      }
      var none =
          assertThrows(
              IllegalStateException.class,
              () -> MultiScaleModel.initial(PYRAMID, 1).resuming(EXAMPLES, steps(10)));
      assertTrue(none.getMessage().contains("no training run"), none.getMessage());
    }
  }

  /** Until the small model is done, the large one has only the run of the training before. */
  @Test
  void aSecondTrainingGoesOnWhereverItStops() {
    TrainingOptions other =
        TrainingOptions.seed(4).steps(4).batch(8).fineTune(FineTune.FRESH).build();
    for (TrainingOptions second : List.of(steps(4), other)) {
      try (MultiScaleModel whole = MultiScaleModel.initial(PYRAMID, 1)) {
        whole.train(EXAMPLES, steps(4));
        whole.train(EXAMPLES, second);
        // Four steps and the end of the small model's run; a validation as well makes six events.
        for (int stop : new int[] {2, 8}) {
          try (MultiScaleModel part = MultiScaleModel.initial(PYRAMID, 1)) {
            part.train(EXAMPLES, steps(4));
            interrupted(part.training(EXAMPLES, second), stop);
            part.resume(EXAMPLES, second);
            assertSameWeights(whole, part);
            assertEquals(2, part.small().history().size());
            assertEquals(2, part.large().history().size());
            assertTrue(part.isTrained(Size.LARGE, EXAMPLES, second));
          }
        }
      }
    }
  }

  /** Though the small model has a run more, one that was given up. */
  @Test
  void theLargeModelsRunOfTheLastTrainingGoesOn() {
    TrainingOptions own = TrainingOptions.seed(3).steps(4).batch(8).build();
    try (MultiScaleModel model = MultiScaleModel.initial(PYRAMID, 1)) {
      interrupted(model.training(EXAMPLES, own), 2);
      interrupted(model.training(EXAMPLES, own), 7);
      assertTrue(model.large().snapshot().steps() > 0, "it is the large model's turn");
      model.resume(EXAMPLES, own);
      assertEquals(1, model.large().history().size());
      assertEquals(4, model.large().snapshot().steps());
    }
  }

  /** Either is resumed by itself, whichever of them has a run. */
  @Test
  void aLargeModelThatWasInterruptedGoesOnWhereTheSmallOneBegins() {
    TrainingOptions own = TrainingOptions.seed(3).steps(4).batch(8).build();
    try (MultiScaleModel whole = MultiScaleModel.initial(PYRAMID, 1);
        MultiScaleModel part = MultiScaleModel.initial(PYRAMID, 1)) {
      whole.train(EXAMPLES, own);
      interrupted(part.large().training(PYRAMID.largeOf(EXAMPLES), own), 2);
      part.resume(EXAMPLES, own);
      assertSameWeights(whole, part);
    }
  }

  /** The small model is done, the large one is not: both have to be of one training. */
  @Test
  void whatIsDoneMustBeOfTheSameTraining() {
    try (MultiScaleModel model = MultiScaleModel.initial(PYRAMID, 1)) {
      TrainingOptions own = TrainingOptions.seed(3).steps(2).batch(8).build();
      model.small().train(PYRAMID.smallOf(EXAMPLES), own);
      TrainingOptions others = TrainingOptions.seed(3).steps(2).batch(8).clipNorm(1).build();
      String message =
          assertThrows(IllegalArgumentException.class, () -> model.resuming(EXAMPLES, others))
              .getMessage();
      assertTrue(message.contains("its method would be"), message);
      String images =
          assertThrows(
                  IllegalArgumentException.class,
                  () -> model.resuming(Examples.labelled(Pyramids.DIGITS.take(9), "digit"), own))
              .getMessage();
      assertTrue(images.contains("its examples would be"), images);
      assertTrue(model.isTrained(Size.SMALL, EXAMPLES, own));
    }
  }

  /** Each model validates on its own part of the examples, and is gone on with by that. */
  @Test
  void aRateThatFollowsValidationIsGoneOnWith() {
    var halving = new RateSchedule.Plateau(RateSchedule.constant(3e-3), 0.5, 1, 0);
    var options =
        TrainingOptions.seed(3).batch(8).optimiser(RmsProp.withRate(halving)).validateOn(EXAMPLES);
    try (MultiScaleModel model = MultiScaleModel.initial(PYRAMID, 1)) {
      model.train(EXAMPLES, options.steps(3).build());
      model.resume(EXAMPLES, options.steps(5).build());
      assertEquals(5, model.small().snapshot().steps());
      assertEquals(5, model.large().snapshot().steps());
    }
  }

  private static void assertSameWeights(MultiScaleModel expected, MultiScaleModel found) {
    for (Size size : Size.values()) {
      var weights = expected.model(size).weights();
      for (String name : weights.names()) {
        org.junit.jupiter.api.Assertions.assertArrayEquals(
            weights.values(name), found.model(size).weights().values(name), size + " " + name);
      }
    }
  }

  /** The step waits for them, and closing would wait for the step. */
  @Test
  @Timeout(60)
  void conditionsThatCloseTheirTrainingAreRefused() {
    AtomicReference<Optional<MultiScaleTraining>> open = new AtomicReference<>(Optional.empty());
    Examples examples =
        Examples.conditioned(
            Pyramids.DIGITS,
            i -> {
              open.get().ifPresent(MultiScaleTraining::close);
              return ConditionValues.none().withLabel("digit", Pyramids.DIGITS.label(i));
            });
    TrainingOptions options = TrainingOptions.seed(3).steps(10).batch(8).build();
    try (MultiScaleModel model = MultiScaleModel.initial(PYRAMID, 1);
        MultiScaleTraining training = model.training(examples, options)) {
      training.next();
      open.set(Optional.of(training));
      var error =
          assertThrows(
              IllegalStateException.class,
              () -> {
                while (training.hasNext()) {
                  training.next();
                }
              });
      assertTrue(error.getMessage().endsWith("may not close it"), error.getMessage());
      assertEquals("CANCELLED", model.small().history().get(0).outcome());
    }
  }

  @Test
  void anInterruptLeavesWhatWasReached() {
    try (MultiScaleModel model = MultiScaleModel.initial(PYRAMID, 1)) {
      assertThrows(
          CancellationException.class,
          () ->
              model.train(
                  EXAMPLES,
                  steps(10),
                  event -> {
                    if (event.size() == Size.LARGE && event.event().step() == 3) {
                      Thread.currentThread().interrupt();
                    }
                  }));
      assertTrue(Thread.interrupted());
      assertEquals(10, model.small().snapshot().steps());
      assertEquals(3, model.large().snapshot().steps());
      model.resume(EXAMPLES, steps(10));
      assertEquals(10, model.large().snapshot().steps());
    }
  }

  @Test
  void isSavedAndLoadedAsOne() throws IOException {
    Path saved = folder.resolve("pyramid");
    try (MultiScaleModel model = MultiScaleModel.initial(PYRAMID, 1)) {
      model.train(EXAMPLES, steps(3));
      model.save(saved);
      // Again, over what is there.
      model.save(saved);
      assertTrue(MultiScaleFolder.isAt(saved));
      try (MultiScaleModel loaded = MultiScaleModel.load(saved)) {
        assertEquals(PYRAMID, loaded.definition());
        assertSame(model, loaded);
        assertEquals(
            model.score(EXAMPLES).bitsPerDimension(), loaded.score(EXAMPLES).bitsPerDimension());
        assertEquals(
            model.sampler(2).labels(i -> 1).images().toList(),
            loaded.sampler(2).labels(i -> 1).images().toList());
      }
      // Without what training goes on from it is smaller, and the same otherwise.
      Path given = folder.resolve("given");
      try (MultiScaleModel slim = model.withoutTrainingState()) {
        slim.save(given);
      }
      try (MultiScaleModel loaded = MultiScaleModel.load(given)) {
        assertTrue(loaded.small().snapshot().state().isEmpty());
        assertTrue(loaded.large().snapshot().state().isEmpty());
        assertEquals(
            model.score(EXAMPLES).bitsPerDimension(), loaded.score(EXAMPLES).bitsPerDimension());
      }
    }
  }

  private void refused(Path place, String why) {
    var error = assertThrows(ModelFormatException.class, () -> MultiScaleModel.load(place));
    assertTrue(error.getMessage().contains(why), error.getMessage());
  }

  @Test
  void whatIsNoPyramidIsRefused() throws IOException {
    refused(folder.resolve("nothing"), "no such file");
    Path other = folder.resolve("other");
    Files.createDirectories(other);
    Files.writeString(other.resolve("notes.txt"), "mine");
    assertFalse(MultiScaleFolder.isAt(other));
    try (MultiScaleModel model = MultiScaleModel.initial(PYRAMID, 1)) {
      var error = assertThrows(ModelFormatException.class, () -> model.save(other));
      assertTrue(error.getMessage().contains("notes.txt"), error.getMessage());
      Path saved = folder.resolve("saved");
      model.save(saved);
      Path file = saved.resolve("multi-scale.json");
      String text = Files.readString(file);
      Files.writeString(file, text.replace("\"version\" : 1", "\"version\" : 2"));
      refused(saved, "made by a newer Weft");
      Files.writeString(file, text.replace("\"factor\" : 2", "\"factor\" : 4"));
      refused(saved, "do not go together");
      Files.writeString(file, text.replace("\"factor\" : 2", "\"factor\" : 5000"));
      refused(saved, "do not go together");
      Files.writeString(file, text.replace("\"factor\" : 2", "\"factor\" : \"x\""));
      refused(saved, "no condition or no factor");
      Files.writeString(file, "{");
      refused(saved, "no JSON");
      // Looks like UTF-32, and is no text in it.
      Files.write(file, new byte[] {(byte) 0x80, 0, 0, 0, '"', 'f', 'o', 'r'});
      refused(saved, "no JSON");
    }
  }

  /** Or nearly every image would be found by beginning the stream anew. */
  @Test
  void streamedExamplesStayInTheirBlocks() {
    MultiScale definition = Pyramids.of(Pyramids.DIGITS.spec(), 2, 0);
    List<Example> each =
        IntStream.range(0, Pyramids.DIGITS.size())
            .mapToObj(i -> Example.of(Pyramids.DIGITS.image(i)))
            .toList();
    Examples streamed = Examples.streamed(each, Pyramids.DIGITS.spec(), 5);
    assertEquals(5, definition.smallOf(streamed).block());
    assertEquals(5, definition.largeOf(streamed).block());
  }
}
