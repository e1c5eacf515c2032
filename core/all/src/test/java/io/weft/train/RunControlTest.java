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
import io.weft.optimise.Adam;
import io.weft.testing.SavedModels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What listeners may do with a run, own metrics, and how long a run without gain lasts. */
class RunControlTest {

  private static TrainingOptions.Builder steps(long count) {
    return TrainingOptions.seed(1).steps(count).batch(IMAGES).optimiser(Adam.withRate(0.1));
  }

  @Test
  void aListenerStopsTheRunWhichIsGoneOnWith() {
    try (Model whole = LogisticModel.initial();
        Model model = LogisticModel.initial()) {
      whole.train(PAIRS, steps(9).build());
      List<TrainingEvent> heard = new ArrayList<>();
      TrainingRecord record =
          model.train(
              PAIRS,
              steps(9)
                  .control(
                      (event, run) -> {
                        heard.add(event);
                        if (event.step() == 4) {
                          run.stop();
                        }
                      })
                  .build());
      assertEquals("STOPPED", record.outcome());
      assertEquals(4, record.lastStep());
      assertEquals(
          new TrainingEvent.Finished(4, TrainingEvent.Reason.STOPPED), heard.get(heard.size() - 1));
      assertEquals("COMPLETED", model.resume(PAIRS, steps(9).build()).outcome());
      SavedModels.assertSame(whole.snapshot(), model.snapshot());
    }
  }

  @Test
  void aListenerSeesTheWeightsAndScoresUnderThem() {
    List<double[]> seen = new ArrayList<>();
    List<Double> bits = new ArrayList<>();
    List<RunControl> kept = new ArrayList<>();
    try (Model model = LogisticModel.initial()) {
      model.train(
          PAIRS,
          steps(3)
              .control(
                  (event, run) -> {
                    kept.add(run);
                    if (event instanceof TrainingEvent.Stepped) {
                      seen.add(values(run.weights()));
                      bits.add(run.bitsPerDimension(OPPOSITES));
                      assertEquals(IMAGES, run.logLikelihoods(OPPOSITES).size());
                    }
                  })
              .build());
      assertEquals(3, seen.size());
      assertArrayEquals(values(model.weights()), seen.get(2));
      assertEquals(model.score(OPPOSITES).bitsPerDimension(), bits.get(2), 1e-6);
      assertNotEquals(bits.get(0), bits.get(2));
      assertThrows(IllegalStateException.class, () -> kept.get(0).weights());
      kept.get(0).stop();
    }
  }

  @Test
  void whatIsMeasuredComesWithTheValidation() {
    List<Map<String, Double>> found = new ArrayList<>();
    try (Model model = LogisticModel.initial()) {
      var options =
          steps(2)
              .validateOn(OPPOSITES)
              .validateEvery(1)
              .keep(Keep.LAST)
              .metric("w", run -> values(run.weights())[0])
              .metric("bits of the pairs", run -> run.bitsPerDimension(PAIRS))
              .listen(
                  event -> {
                    if (event instanceof TrainingEvent.Validated validated) {
                      found.add(validated.metrics());
                    }
                  })
              .build();
      model.train(PAIRS, options);
      assertEquals(2, found.size());
      assertEquals(List.of("w", "bits of the pairs"), List.copyOf(found.get(1).keySet()));
      assertEquals(values(model.weights())[0], found.get(1).get("w"));
      assertEquals(
          model.score(PAIRS).bitsPerDimension(), found.get(1).get("bits of the pairs"), 1e-6);
    }
    var error =
        assertThrows(IllegalArgumentException.class, () -> steps(1).metric("w", run -> 0).build());
    assertTrue(error.getMessage().contains("validat"), error.getMessage());
  }

  /** Of validations at 3, 2.9, 2.85, 2.5 and 2.45 bits, with a least gain of 0.2. */
  @Test
  void smallGainsDoNotKeepARunGoing() {
    try (Model model = LogisticModel.initial()) {
      KeptWeights kept = new KeptWeights(Keep.BEST, model.weights(), 0, 2, 0.2);
      kept.began(3);
      int[] since = {0, 1, 2, 0, 1};
      double[] bits = {3, 2.9, 2.85, 2.5, 2.45};
      for (int i = 0; i < bits.length; i++) {
        assertTrue(kept.validated(model.weights(), i + 1, bits[i], 3), "each is the best so far");
        assertEquals(since[i], kept.sinceGain());
        assertEquals(i + 1, kept.step(), "and is kept");
      }
      var stopped =
          model.train(PAIRS, steps(50).validateOn(PAIRS).validateEvery(1).stopEarly(3, 1).build());
      assertEquals("STOPPED_EARLY", stopped.outcome());
      assertEquals(4, stopped.lastStep());
      assertEquals(4, stopped.keptStep());
    }
    assertThrows(IllegalArgumentException.class, () -> steps(1).stopEarly(1, -0.1));
  }
}
