package com.example.weft;

import static com.example.weft.Digits.TEST;
import static com.example.weft.Digits.TRAIN;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.data.Baselines;
import io.weft.optimise.Adam;
import io.weft.optimise.AdamW;
import io.weft.optimise.RateSchedule;
import io.weft.score.Scores;
import io.weft.train.FineTune;
import io.weft.train.LoggingListener;
import io.weft.train.NumericFingerprint;
import io.weft.train.Training;
import io.weft.train.TrainingEvent;
import io.weft.train.TrainingListener;
import io.weft.train.TrainingOptions;
import io.weft.train.TrainingRecord;
import io.weft.watch.HistoryRecorder;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

/** Training by listeners and by pulling, and what scoring says of it. */
class TrainTest {

  @Test
  void progressGoesToALog() {
    List<String> said = new ArrayList<>();
    Logger log =
        (Logger)
            Proxy.newProxyInstance(
                TrainTest.class.getClassLoader(),
                new Class<?>[] {Logger.class},
                (proxy, method, values) -> said.add(method.getName() + " " + values[0]) ? null : 0);
    try (Model model = Digits.untrained()) {
      TrainingOptions options = TrainingOptions.seed(1).steps(4).batch(8).build();
      model.train(TRAIN, options, new LoggingListener(log, 2));
    }
    String step = "info step {} of {}, epoch {}: {} bits per dimension";
    assertEquals(List.of(step, step, "info training ended after step {}: {}"), said);
  }

  @Test
  void listenersHearOfEveryEvent() {
    List<String> said = new ArrayList<>();
    try (Model model = Digits.untrained()) {
      double before = model.score(TEST).bitsPerDimension();
      // region listen
      TrainingListener progress =
          event -> {
            if (event instanceof TrainingEvent.Validated v) {
              said.add("epoch " + v.epoch() + ": " + v.validationBits() + " bits per dimension");
            }
          };
      TrainingOptions options =
          TrainingOptions.seed(1)
              .epochs(4)
              .batch(8)
              .optimiser(Adam.withRate(new RateSchedule.WarmUp(5, RateSchedule.constant(5e-3))))
              .clipNorm(1)
              .validateOn(TEST)
              .stopEarly(3)
              .build();
      HistoryRecorder recorder = new HistoryRecorder(6);
      TrainingRecord record = model.train(TRAIN, options, progress, recorder);
      // endregion
      assertEquals("COMPLETED", record.outcome());
      assertEquals(4 * 96 / 8, record.lastStep());
      assertEquals(4, said.size());
      assertEquals(8, recorder.history().steps().size());
      Scores after = model.score(TEST);
      assertTrue(after.bitsPerDimension() < before, before + " -> " + after);
      // The best validation's weights are the model's.
      double best =
          record.validations().stream()
              .mapToDouble(TrainingRecord.Point::validationBits)
              .min()
              .orElseThrow();
      assertEquals(best, after.bitsPerDimension(), 1e-6);
      assertTrue(best < Baselines.of(TRAIN.images(), TEST.images()).uniform());
    }
  }

  @Test
  void aTrainedModelIsFineTuned() {
    try (Model model = Digits.untrained()) {
      model.train(TRAIN, TrainingOptions.seed(1).steps(3).build());
      long enough = 5;
      // region tune
      TrainingOptions options =
          TrainingOptions.seed(1)
              .epochs(20)
              .fineTune(FineTune.FRESH)
              .optimiser(AdamW.withRate(RateSchedule.of("1e-3 / n", n -> 1e-3 / (1.0 + n))))
              .freeze("block")
              .layerRate("block_2", 0.1)
              .validateOn(TEST)
              .stopEarly(3, 0.001)
              .metric("training bits", run -> run.bitsPerDimension(TRAIN))
              .control(
                  (event, run) -> {
                    if (event.step() >= enough) {
                      run.stop();
                    }
                  })
              .build();
      TrainingRecord record = model.train(TRAIN, options);
      // endregion
      assertEquals("STOPPED", record.outcome());
      assertEquals(3, record.firstStep());
      assertEquals(5, record.lastStep());
      assertTrue(record.options().startsWith("fine-tuning"), record.options());
    }
  }

  /**
   * Needs the environment variable TF_OVERRIDE_GLOBAL_THREADPOOL=1, which the build gives tests.
   */
  @Test
  void microBatchesHaveTheSameBitsOnAnyNumberOfThreads() {
    List<float[]> found = new ArrayList<>();
    for (int threads = 1; threads <= 2; threads++) {
      try (Model model = Digits.untrained()) {
        // region micro
        TrainingOptions options =
            TrainingOptions.seed(1).steps(3).batch(40).microBatch(8).threads(threads).build();
        model.train(TRAIN, options);
        NumericFingerprint here = NumericFingerprint.of(model.definition(), model.weights());
        // endregion
        assertEquals(List.of(), here.differences(here));
        found.add(model.weights().values(model.weights().names().iterator().next()));
      }
    }
    assertArrayEquals(found.get(0), found.get(1));
  }

  @Test
  void stepsArePulledAndCanBeLeftAtAny() {
    try (Model model = Digits.untrained()) {
      TrainingOptions options = TrainingOptions.seed(1).epochs(100).build();
      long steps = 0;
      // region pull
      try (Training training = model.training(TRAIN, options)) {
        while (training.hasNext() && steps < 5) {
          if (training.next() instanceof TrainingEvent.Stepped step) {
            steps = step.step();
          }
        }
      }
      // endregion
      assertEquals(5, steps);
      assertEquals("CANCELLED", model.history().get(0).outcome());
      assertEquals(5, model.snapshot().state().orElseThrow().step());
      // What was left is gone on with, as if it had not been; another run is another.
      TrainingOptions seven = TrainingOptions.seed(1).steps(7).build();
      TrainingRecord resumed = model.resume(TRAIN, seven);
      assertEquals(0, resumed.firstStep());
      assertEquals(7, resumed.lastStep());
      try (Model whole = Digits.untrained()) {
        whole.train(TRAIN, seven);
        for (String name : whole.weights().names()) {
          assertArrayEquals(whole.weights().values(name), model.weights().values(name), name);
        }
      }
      TrainingRecord another = model.train(TRAIN, TrainingOptions.seed(2).steps(1).build());
      assertEquals(7, another.firstStep());
      assertEquals(2, model.history().size());
    }
  }

  @Test
  void oneTrainingAtATime() {
    TrainingOptions options = TrainingOptions.seed(1).steps(2).build();
    try (Model model = Digits.untrained();
        Training open = model.training(TRAIN, options)) {
      assertTrue(open.hasNext());
      var refused = assertThrows(IllegalStateException.class, () -> model.train(TRAIN, options));
      assertTrue(refused.getMessage().contains("close that training first"));
    }
  }

  @Test
  void anInterruptCancelsAndTheModelKeepsWhatItHas() {
    try (Model model = Digits.untrained()) {
      TrainingOptions options = TrainingOptions.seed(1).epochs(100).build();
      TrainingListener impatient =
          event -> {
            if (event instanceof TrainingEvent.Stepped && event.step() == 3) {
              Thread.currentThread().interrupt();
            }
          };
      assertThrows(CancellationException.class, () -> model.train(TRAIN, options, impatient));
      assertTrue(Thread.interrupted(), "the status stays set, until it is cleared here");
      assertEquals(3, model.snapshot().state().orElseThrow().step());
    }
  }

  @Test
  void scoresAreExactSums() {
    try (Model model = Digits.untrained()) {
      // region score
      Scores scores = model.score(TEST);
      double bits = scores.bitsPerDimension(); // the mean of all images
      double strange = scores.nats(0); // what the first costs: the higher, the stranger
      float[] ofPixels = scores.pixelLogLikelihoods(0); // at most 0
      // endregion
      assertEquals(TEST.size(), scores.size());
      double sum = 0;
      for (float ofPixel : ofPixels) {
        sum += ofPixel;
      }
      assertEquals(-strange, sum, 1e-3);
      double perValue = scores.meanNats() / Digits.IMAGE.values() / Math.log(2);
      assertEquals(perValue, bits, 1e-9);
      assertArrayEquals(scores.logLikelihoods(), model.score(TEST).logLikelihoods());
    }
  }
}
