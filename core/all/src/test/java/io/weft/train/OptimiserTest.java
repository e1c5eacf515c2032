package io.weft.train;

import static io.weft.train.LogisticModel.IMAGES;
import static io.weft.train.LogisticModel.LEVELS;
import static io.weft.train.LogisticModel.OPPOSITES;
import static io.weft.train.LogisticModel.PAIRS;
import static io.weft.train.LogisticModel.values;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.data.EmbeddedDigits;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.optimise.Adam;
import io.weft.optimise.RateSchedule;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Training steps against the same arithmetic written out in Java, in double. */
class OptimiserTest {

  /** The reference: gradient, decay on w only, clipping, Adam, Polyak average. */
  private static final class Reference {
    final double[] weights;
    final double[] average;
    final double[] first = new double[2];
    final double[] second = new double[2];
    final double decay;
    final double clip;
    double norm;

    Reference(double[] start, double decay, double clip) {
      weights = start.clone();
      average = start.clone();
      this.decay = decay;
      this.clip = clip;
    }

    void step(int number, double rate, double keep) {
      double[] gradient = new double[2];
      for (int i = 0; i < IMAGES; i++) {
        double left = 2.0 * LEVELS[2 * i] - 1;
        add(gradient, 0, LEVELS[2 * i]);
        add(gradient, left, LEVELS[2 * i + 1]);
      }
      gradient[0] += decay * weights[0];
      norm = Math.hypot(gradient[0], gradient[1]);
      for (int k = 0; k < 2; k++) {
        double g = gradient[k] * Math.min(1, clip / norm);
        first[k] = 0.9 * first[k] + 0.1 * g;
        second[k] = 0.999 * second[k] + 0.001 * g * g;
        double mean = first[k] / (1 - Math.pow(0.9, number));
        double square = second[k] / (1 - Math.pow(0.999, number));
        weights[k] -= rate * mean / (Math.sqrt(square) + 1e-8);
        average[k] = keep * average[k] + (1 - keep) * weights[k];
      }
    }

    private void add(double[] gradient, double x, int level) {
      double error = 1 / (1 + Math.exp(-weights[0] * x - weights[1])) - level;
      gradient[0] += error * x / LEVELS.length;
      gradient[1] += error / LEVELS.length;
    }
  }

  @Test
  void adamTakesTheStepsOfItsPaper() {
    agree(0, Double.POSITIVE_INFINITY, 1e-6, o -> o);
  }

  /** Gradients of ten times epsilon: where it is added makes one part in four of the first step. */
  @Test
  void tinyGradientsTakeTheStepsOfThePaperToo() {
    agree(0, 1e-7, 1e-6, o -> o.clipNorm(1e-7));
    agree(0, 1e-9, 1e-6, o -> o.clipNorm(1e-9));
  }

  /** Four steps of algorithm 1 at rate 0.01, worked out apart from any of this code. */
  @Test
  void tinyGradientsTakeStepsThatWereWorkedOutByHand() {
    LogisticModel.agree(
        Adam.withRate(0.01),
        1e-7,
        new double[][] {
          {0.2413563216703302, -0.4911485994376574},
          {0.2327085588157110, -0.4822997902662657},
          {0.2240559184486430, -0.4734541921943756},
          {0.2153975936342637, -0.4646124522981813}
        });
  }

  @Test
  void refusesWhatAdamCannotTake() {
    for (double beta : new double[] {-0.1, 1, 0.99999999, Double.NaN}) {
      var error =
          assertThrows(
              IllegalArgumentException.class, () -> Adam.withRate(1e-3).withBetas(0.9, beta));
      assertTrue(error.getMessage().contains(String.valueOf(beta)), error.getMessage());
    }
    var rate = RateSchedule.constant(1e-3);
    for (double epsilon : new double[] {0, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThrows(IllegalArgumentException.class, () -> new Adam(rate, 0.9, 0.999, epsilon));
    }
  }

  @Test
  void weightDecaySparesTheBias() {
    agree(0.7, Double.POSITIVE_INFINITY, 1e-6, o -> o.weightDecay(0.7));
  }

  @Test
  void clippingScalesByTheGlobalNorm() {
    agree(0, 0.05, 1e-5, o -> o.clipNorm(0.05));
    agree(0.7, 0.05, 1e-5, o -> o.clipNorm(0.05).weightDecay(0.7));
  }

  @Test
  void theModelKeepsThePolyakAverage() {
    agree(0, Double.POSITIVE_INFINITY, 1e-6, o -> o.polyak(0.3));
    agree(0, Double.POSITIVE_INFINITY, 1e-6, o -> o.polyak(0.15));
  }

  /** Steps of the engine, and steps in micro-batches of 4 and 2, which Java takes. */
  private static void agree(
      double decay, double clip, double tolerance, UnaryOperator<TrainingOptions.Builder> also) {
    agreeOnce(decay, clip, tolerance, also);
    agreeOnce(decay, clip, tolerance, o -> also.apply(o).microBatch(4));
  }

  private static void agreeOnce(
      double decay, double clip, double tolerance, UnaryOperator<TrainingOptions.Builder> also) {
    RateSchedule rate = new RateSchedule.WarmUp(3, new RateSchedule.Exponential(0.02, 0.8));
    try (Model model = LogisticModel.initial()) {
      double[] start = values(model.weights());
      Reference reference = new Reference(start, decay, clip);
      TrainingOptions options =
          also.apply(TrainingOptions.seed(1).steps(5).batch(IMAGES).optimiser(Adam.withRate(rate)))
              .build();
      List<Double> norms = new ArrayList<>();
      model.train(
          PAIRS,
          options,
          event -> {
            if (event instanceof TrainingEvent.Stepped stepped) {
              norms.add(stepped.gradientNorm());
              assertEquals(rate.at(stepped.step() - 1), stepped.rate());
            }
          });
      for (int step = 0; step < 5; step++) {
        reference.step(step + 1, rate.at(step), options.averageDecay(step));
        assertEquals(reference.norm, norms.get(step), 1e-6);
      }
      double[] kept = options.averages() ? reference.average : reference.weights;
      assertArrayEquals(kept, values(model.weights()), tolerance);
      var state = model.snapshot().state().orElseThrow();
      assertArrayEquals(reference.weights, values(state.raw()), tolerance);
    }
  }

  @Test
  void schedulesFollowTheirFormulas() {
    RateSchedule cosine = new RateSchedule.Cosine(2, 10, 0.1);
    assertEquals(2, cosine.at(0), 1e-12);
    assertEquals(1.1, cosine.at(5), 1e-12);
    assertEquals(0.2, cosine.at(10), 1e-12);
    assertEquals(0.2, cosine.at(1000), 1e-12);
    assertEquals(2 * 0.25, new RateSchedule.Exponential(2, 0.5).at(2), 1e-12);
    RateSchedule warm = new RateSchedule.WarmUp(4, RateSchedule.constant(8));
    assertArrayEquals(
        new double[] {2, 4, 6, 8, 8},
        java.util.stream.LongStream.range(0, 5).mapToDouble(warm::at).toArray(),
        1e-12);
  }

  @Test
  void earlyStoppingKeepsTheBestWeights() {
    try (Model model = LogisticModel.initial()) {
      TrainingOptions options =
          TrainingOptions.seed(1)
              .steps(100)
              .batch(IMAGES)
              .optimiser(Adam.withRate(0.1))
              .validateOn(OPPOSITES)
              .validateEvery(1)
              .stopEarly(3)
              .build();
      TrainingRecord record = model.train(PAIRS, options);
      assertEquals("STOPPED_EARLY", record.outcome());
      double best =
          record.validations().stream()
              .mapToDouble(TrainingRecord.Point::validationBits)
              .min()
              .orElseThrow();
      assertEquals(best, model.score(OPPOSITES).bitsPerDimension(), 1e-6);
      int count = record.validations().size();
      assertEquals(best, record.validations().get(count - 4).validationBits());
    }
  }

  @Test
  void validationBitsAreScoredBits() {
    ImageSet digits = EmbeddedDigits.count(80).size(8).levels(4).seed(5).grey();
    Examples test = Examples.of(digits.slice(10, 80));
    ModelBuilder builder = ModelBuilder.of("small", digits.spec());
    Definition definition = builder.softmax(builder.image().shiftRight(1).conv1x1(4));
    for (boolean averaged : new boolean[] {false, true}) {
      var options = TrainingOptions.seed(1).steps(3).validateOn(test);
      try (Model model = Model.initial(definition, 1)) {
        var record =
            model.train(Examples.of(digits), (averaged ? options.polyak(0.5) : options).build());
        double bits = record.validations().get(0).validationBits();
        assertEquals(bits, model.score(test).bitsPerDimension(), 1e-6);
      }
    }
  }

  @Test
  void aListenerThatThrowsLeavesTheModelUsable() {
    try (Model model = LogisticModel.initial()) {
      var options = TrainingOptions.seed(1).steps(9).build();
      var error =
          assertThrows(
              UnsupportedOperationException.class,
              () ->
                  model.train(
                      PAIRS,
                      options,
                      event -> {
                        if (event.step() == 2) {
                          throw new UnsupportedOperationException("mine");
                        }
                      }));
      assertEquals("mine", error.getMessage());
      assertEquals("CANCELLED", model.history().get(0).outcome());
      assertEquals(2, model.snapshot().state().orElseThrow().step());
      assertEquals("COMPLETED", model.train(PAIRS, options).outcome());
    }
  }

  @Test
  void interruptingCancels() {
    try (Model model = LogisticModel.initial()) {
      var options = TrainingOptions.seed(1).steps(1000).build();
      assertThrows(
          CancellationException.class,
          () ->
              model.train(
                  PAIRS,
                  options,
                  event -> {
                    if (event instanceof TrainingEvent.Stepped) {
                      Thread.currentThread().interrupt();
                    }
                  }));
      assertTrue(Thread.interrupted(), "the status stays set");
      assertEquals(1, model.snapshot().state().orElseThrow().step());
      assertEquals("CANCELLED", model.history().get(0).outcome());
      model.score(PAIRS);
    }
  }
}
