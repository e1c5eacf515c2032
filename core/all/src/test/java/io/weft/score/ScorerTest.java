package io.weft.score;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.complete.Half;
import io.weft.complete.PixelMask;
import io.weft.data.EmbeddedDigits;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.engine.Device;
import io.weft.engine.Engine;
import io.weft.internal.tensorflow.TensorFlowEngine;
import io.weft.layer.MaskType;
import io.weft.model.PixelCnn;
import io.weft.order.GenerationOrder;
import io.weft.spec.ConditionValues;
import io.weft.testing.RandomWeights;
import io.weft.testing.ResidentMemory;
import io.weft.testing.SlowChecks;
import io.weft.train.TrainingOptions;
import io.weft.weight.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Scoring from many threads, changing weights, closing, and the memory of it all. */
class ScorerTest {

  private static final ImageSet DIGITS = EmbeddedDigits.count(40).size(8).levels(4).seed(5).grey();
  private static final Examples EXAMPLES = Examples.of(DIGITS);
  private static final Definition SMALL = PixelCnn.of(DIGITS.spec(), 1, 4, 3);

  @Test
  void logLikelihoodsAreNegativeAndCostsPositive() {
    Weights weights = RandomWeights.of(SMALL, 1);
    List<GenerationOrder> orders = List.of(SMALL.order());
    try (Scorer scorer =
        new Scorer(SMALL, orders, () -> weights, TensorFlowEngine.on(Device.cpu()))) {
      EnsembleScores ensemble = scorer.scoreAll(EXAMPLES);
      Scores scores = ensemble.under(0);
      for (int i = 0; i < scores.size(); i++) {
        double log = scores.logLikelihood(i);
        assertTrue(log < 0, "image " + i + " has log-likelihood " + log);
        assertEquals(log, scores.logLikelihoods()[i]);
        assertEquals(-log, scores.nats(i));
        assertEquals(-log / Math.log(2) / 64, scores.bitsPerDimension(i), 1e-12);
        assertEquals(log, ensemble.logLikelihood(i), 1e-12);
        assertEquals(-log, ensemble.nats(i), 1e-12);
        assertEquals(scores.bitsPerDimension(i), ensemble.bitsPerDimension(i), 1e-12);
        double pixels = 0;
        for (float pixel : scores.pixelLogLikelihoods(i)) {
          assertTrue(pixel <= 0, "a pixel has log-likelihood " + pixel);
          pixels += pixel;
        }
        assertEquals(log, pixels, 1e-3);
        PixelMask bottom = PixelMask.withoutHalf(SMALL.image(), Half.BOTTOM);
        double missing = scores.missingLogLikelihood(i, bottom);
        assertTrue(log <= missing && missing < 0, missing + " of " + log);
        assertTrue(scores.valueLogLikelihood(i, 3, 4, 0) <= 0);
      }
      double mean = Arrays.stream(scores.logLikelihoods()).average().orElseThrow();
      assertEquals(-mean, scores.meanNats(), 1e-12);
      assertEquals(-mean, ensemble.meanNats(), 1e-12);
      assertEquals(-mean / Math.log(2) / 64, scores.bitsPerDimension(), 1e-12);
    }
  }

  /** Its weights are for raster order alone, but it is scored in the order that is asked for. */
  @Test
  void aModelForRasterOrderIsScoredUnderOthers() {
    GenerationOrder back = SMALL.order().flipColumns();
    Weights weights = RandomWeights.of(SMALL, 3);
    Engine tensorFlow = TensorFlowEngine.on(Device.cpu());
    Engine java = Engine.on(Device.jvm());
    List<GenerationOrder> orders = List.of(SMALL.order(), back);
    try (Scorer both = new Scorer(SMALL, orders, () -> weights, tensorFlow);
        Scorer one = new Scorer(SMALL, List.of(back), () -> weights, tensorFlow);
        Scorer own = new Scorer(SMALL.under(back), () -> weights, java);
        Scorer raster = new Scorer(SMALL, () -> weights, java)) {
      double[] backwards = own.score(EXAMPLES).logLikelihoods();
      double[] forwards = raster.score(EXAMPLES).logLikelihoods();
      assertArrayEquals(backwards, one.score(EXAMPLES).logLikelihoods(), 1e-2);
      EnsembleScores scores = both.scoreAll(EXAMPLES);
      assertArrayEquals(forwards, scores.under(0).logLikelihoods(), 1e-2);
      assertArrayEquals(backwards, scores.under(1).logLikelihoods(), 1e-2);
      double apart =
          IntStream.range(0, forwards.length)
              .mapToDouble(i -> Math.abs(backwards[i] - forwards[i]))
              .max()
              .orElseThrow();
      assertTrue(apart > 0.1, "the orders are " + apart + " nats apart");
    }
  }

  @Test
  void everyResultIsOfOneVersionOfTheWeights() throws Exception {
    List<Weights> versions = new ArrayList<>();
    Set<Long> lawful = new HashSet<>();
    for (int seed = 0; seed < 4; seed++) {
      Weights weights = RandomWeights.of(SMALL, seed);
      versions.add(weights);
      try (Scorer scorer = new Scorer(SMALL, () -> weights, TensorFlowEngine.on(Device.cpu()))) {
        lawful.add(rounded(scorer.score(EXAMPLES).bitsPerDimension()));
      }
    }
    assertEquals(4, lawful.size());
    AtomicInteger calls = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (Scorer scorer =
        new Scorer(
            SMALL,
            () -> versions.get(calls.getAndIncrement() / 3 % 4),
            TensorFlowEngine.on(Device.cpu()))) {
      List<Future<Double>> found = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        found.add(threads.submit(() -> scorer.score(EXAMPLES).bitsPerDimension()));
      }
      for (Future<Double> bits : found) {
        assertTrue(lawful.contains(rounded(bits.get())), bits.get() + " of " + lawful);
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void moreThanAnArrayHoldsIsRefusedInWords() {
    ImageSet one = EmbeddedDigits.count(1).size(32).levels(4).seed(5).grey();
    Examples many = Examples.of(one.select(new int[2_200_000]));
    try (Model model = Model.initial(PixelCnn.of(one.spec(), 1, 4, 3), 1)) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> model.score(many)).getMessage();
      assertTrue(
          message.contains("have 2252800000 values") && message.endsWith("Score them in parts"),
          message);
    }
  }

  private static long rounded(double bits) {
    return Math.round(bits * 1e4);
  }

  @Test
  void closingWhileOthersScoreEndsInAnError() throws Exception {
    for (int round = 0; round < 5; round++) {
      ExecutorService threads = Executors.newFixedThreadPool(4);
      try (Model model = Model.initial(SMALL, 1)) {
        AtomicInteger scored = new AtomicInteger();
        List<Future<IllegalStateException>> ends = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          ends.add(threads.submit(() -> scoreUntilClosed(model, scored)));
        }
        while (scored.get() < 4) {
          Thread.onSpinWait();
        }
        Runnable close = model::close;
        close.run();
        for (Future<IllegalStateException> end : ends) {
          assertTrue(end.get().getMessage().contains("closed"), end.get().getMessage());
        }
      } finally {
        threads.shutdown();
      }
    }
  }

  private static IllegalStateException scoreUntilClosed(Model model, AtomicInteger scored) {
    return assertThrows(
        IllegalStateException.class,
        () -> {
          while (true) {
            model.score(EXAMPLES);
            scored.incrementAndGet();
          }
        });
  }

  @Test
  void weightsOfAnotherModelAreRefusedAndTheRightOnesStillServe() {
    Weights wider = Weights.initial(PixelCnn.of(DIGITS.spec(), 1, 6, 3), 1);
    Weights right = Weights.initial(SMALL, 1);
    AtomicReference<Weights> current = new AtomicReference<>(right);
    try (Scorer scorer = new Scorer(SMALL, current::get, TensorFlowEngine.on(Device.cpu()))) {
      double before = scorer.score(EXAMPLES).bitsPerDimension();
      current.set(wider);
      var error = assertThrows(IllegalArgumentException.class, () -> scorer.score(EXAMPLES));
      assertTrue(error.getMessage().contains("another model"), error.getMessage());
      current.set(right);
      assertEquals(before, scorer.score(EXAMPLES).bitsPerDimension(), 1e-6);
    }
    assertThrows(IllegalArgumentException.class, () -> Model.of(SMALL, wider, Device.cpu()));
  }

  @Test
  void aGpuThatIsNotThereIsAnErrorThatTeaches() {
    Assumptions.assumeFalse(Files.exists(Path.of("/dev/nvidia0")));
    var error = assertThrows(IllegalStateException.class, () -> Device.gpu(0));
    assertTrue(error.getMessage().startsWith("GPU 0 was asked for"), error.getMessage());
    assertTrue(error.getMessage().contains("-Dtensorflow=gpu"), error.getMessage());
    assertThrows(IllegalArgumentException.class, () -> Device.gpu(-1));
  }

  @Test
  void memoryStaysFlatOverThousandsOfCalls() throws IOException {
    ResidentMemory.assumeMeasurable();
    try (Model model = Model.initial(SMALL, 1)) {
      int calls = SlowChecks.times(700, 2000);
      work(model, calls / 5);
      long before = ResidentMemory.outsideHeap();
      work(model, calls);
      long grown = ResidentMemory.outsideHeap() - before;
      assertTrue(grown < 50, "grew by " + grown + " MB");
    }
  }

  private static void work(Model model, int times) {
    model.train(EXAMPLES, TrainingOptions.seed(1).steps(times).build());
    for (int i = 0; i < times; i++) {
      model.score(EXAMPLES);
      model.sampler(i).count(2).images().toList();
    }
  }

  @Test
  @Timeout(60)
  void conditionsMayScoreAndCloseWithoutWaitingForThemselves() {
    ModelBuilder builder = ModelBuilder.of("conditioned", DIGITS.spec());
    var digit = builder.classCondition("digit", 10);
    Definition conditioned =
        builder.softmax(builder.image().causalConv(4, 3, MaskType.A).conditionedOn(digit));
    try (Model model = Model.initial(conditioned, 1)) {
      ConditionValues seven = ConditionValues.none().withLabel("digit", 7);
      Examples sevens = Examples.conditioned(DIGITS, i -> seven);
      double expected = model.score(sevens).bitsPerDimension();
      Examples scoring =
          Examples.conditioned(
              DIGITS,
              i -> {
                if (i == 35) {
                  assertEquals(expected, model.score(sevens).bitsPerDimension());
                }
                return seven;
              });
      assertEquals(expected, model.score(scoring).bitsPerDimension());
      Runnable close = model::close;
      AtomicInteger calls = new AtomicInteger();
      Examples closing =
          Examples.conditioned(
              DIGITS,
              i -> {
                if (calls.incrementAndGet() > DIGITS.size()) {
                  close.run();
                }
                return seven;
              });
      var error = assertThrows(IllegalStateException.class, () -> model.score(closing));
      assertTrue(error.getMessage().contains("closed"), error.getMessage());
    }
  }
}
