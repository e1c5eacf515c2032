package io.weft.train;

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
import io.weft.engine.Device;
import io.weft.engine.Gradient;
import io.weft.model.GatedPixelCnn;
import io.weft.model.ImageGpt;
import io.weft.model.LocallyMaskedPixelCnn;
import io.weft.model.ModelFamily;
import io.weft.model.PixelCnnPlusPlus;
import io.weft.model.PixelRnn;
import io.weft.optimise.Adam;
import io.weft.optimise.RateSchedule;
import io.weft.optimise.RmsProp;
import io.weft.spec.ConditionValues;
import io.weft.testing.SavedModels;
import io.weft.testing.SlowChecks;
import io.weft.weight.WeightLayout;
import io.weft.weight.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Training in micro-batches. Needs the environment variable TF_OVERRIDE_GLOBAL_THREADPOOL=1, which
 * the build gives its tests.
 */
class MicroBatchTest {

  private static final ImageSet DIGITS = EmbeddedDigits.count(40).size(8).levels(4).seed(5).grey();

  /** Batches of 13, 13 and 3. */
  private static final Examples FEW = Examples.of(DIGITS.take(29));

  private static TrainingOptions.Builder steps(long count) {
    return TrainingOptions.seed(3).steps(count).batch(13).clipNorm(1).polyak(0.9).weightDecay(0.01);
  }

  /** Batch normalisation, dropout and a class condition; the fifth batch has 12 of 64 examples. */
  private static Model.Snapshot trained(TrainingOptions.Builder options) {
    try (Model model = Model.initial(SavedModels.definition(), 1)) {
      model.train(SavedModels.EXAMPLES, options.build());
      return model.snapshot();
    }
  }

  @Test
  void theBitsDoNotDependOnTheNumberOfThreads() {
    Model.Snapshot one = trained(steps(5).microBatch(2).threads(1));
    for (int threads : new int[] {2, 5}) {
      SavedModels.assertSame(one, trained(steps(5).microBatch(2).threads(threads)));
    }
  }

  @Test
  void aRunIsGoneOnWithToTheBitOnAnotherNumberOfThreads() {
    Model.Snapshot whole = trained(steps(7).microBatch(4).threads(2));
    try (Model model = Model.initial(SavedModels.definition(), 1)) {
      model.train(SavedModels.EXAMPLES, steps(3).microBatch(4).threads(1).build());
      try (Model again = Model.of(SavedModels.definition(), model.snapshot(), Device.cpu())) {
        again.resume(SavedModels.EXAMPLES, steps(7).microBatch(4).threads(5).build());
        SavedModels.assertSame(whole, again.snapshot());
      }
      var other = steps(7).microBatch(2).build();
      var error =
          assertThrows(
              IllegalArgumentException.class, () -> model.resume(SavedModels.EXAMPLES, other));
      assertTrue(error.getMessage().contains("micro-batch 4"), error.getMessage());
    }
  }

  static Stream<ModelFamily<?>> families() {
    return Stream.of(
            GatedPixelCnn.builder(DIGITS.spec()),
            PixelCnnPlusPlus.builder(DIGITS.spec()).components(2).dropout(0),
            LocallyMaskedPixelCnn.builder(DIGITS.spec()),
            PixelRnn.rowLstmBuilder(DIGITS.spec()),
            ImageGpt.builder(DIGITS.spec()).heads(2))
        .limit(SlowChecks.times(2, 5));
  }

  /** A step that is in proportion to the gradient: epsilon is far above the root. */
  private static final RmsProp DESCENT = new RmsProp(RateSchedule.constant(1e5), 0, 1e6, 0);

  /** Over a short epoch, whose last batch of 3 is less than a micro-batch. */
  @ParameterizedTest
  @MethodSource("families")
  void theGradientIsThatOfTheWholeBatch(ModelFamily<?> family) {
    Definition definition = family.maps(8).blocks(1).build();
    List<TrainingEvent.Stepped> whole = new ArrayList<>();
    List<TrainingEvent.Stepped> parts = new ArrayList<>();
    try (Model one = Model.initial(definition, 1);
        Model other = Model.initial(definition, 1)) {
      one.train(FEW, descent(o -> o, whole));
      other.train(FEW, descent(o -> o.microBatch(4).threads(2), parts));
      for (int i = 0; i < 3; i++) {
        double bits = whole.get(i).bitsPerDimension();
        double norm = whole.get(i).gradientNorm();
        assertEquals(bits, parts.get(i).bitsPerDimension(), 1e-5 * bits);
        assertEquals(norm, parts.get(i).gradientNorm(), 1e-4 * norm);
        assertEquals(whole.get(i).images(), parts.get(i).images());
      }
      double change = distance(Weights.initial(definition, 1), one.weights());
      double difference = distance(one.weights(), other.weights());
      assertTrue(difference < 1e-3 * change, difference + " of a change of " + change);
    }
  }

  private static double distance(Weights from, Weights to) {
    double squares = 0;
    for (String name : from.names()) {
      float[] a = from.values(name);
      float[] b = to.values(name);
      for (int i = 0; i < a.length; i++) {
        squares += Math.pow((double) a[i] - b[i], 2);
      }
    }
    return Math.sqrt(squares);
  }

  private static TrainingOptions descent(
      UnaryOperator<TrainingOptions.Builder> also, List<TrainingEvent.Stepped> heard) {
    var options = TrainingOptions.seed(3).epochs(1).batch(13).optimiser(DESCENT);
    return also.apply(options)
        .listen(
            event -> {
              if (event instanceof TrainingEvent.Stepped stepped) {
                heard.add(stepped);
              }
            })
        .build();
  }

  /**
   * Each micro-batch has a mean of its own: what is kept takes the mean of what they would make.
   */
  @Test
  void statisticsTakeTheMeanOverMicroBatches() {
    ModelBuilder builder = ModelBuilder.of("normalised", DIGITS.spec());
    Definition definition =
        builder.softmax(builder.image().shiftRight(1).batchNormalisation().conv1x1(4));
    String mean =
        Model.initial(definition, 1).weights().names().stream()
            .filter(name -> name.endsWith("mean"))
            .findFirst()
            .orElseThrow();
    try (Model whole = Model.initial(definition, 1);
        Model parts = Model.initial(definition, 1)) {
      var options = TrainingOptions.seed(3).steps(2).batch(13);
      whole.train(FEW, options.build());
      parts.train(FEW, options.microBatch(4).build());
      // The mean of means, by size, is the mean of all.
      assertArrayEquals(whole.weights().values(mean), parts.weights().values(mean), 1e-6f);
      assertTrue(whole.weights().values(mean)[0] != 0);
    }
  }

  @Test
  void everyMicroBatchHasNoiseOfItsOwn() {
    int[] levels = new int[8 * DIGITS.spec().values()];
    Examples same = Examples.of(ImageSet.of(DIGITS.spec(), levels));
    ModelBuilder builder = ModelBuilder.of("noisy", DIGITS.spec());
    Definition definition =
        builder.softmax(builder.image().shiftRight(1).conv1x1(16).dropout(0.5).conv1x1(4));
    List<Gradient> found = new ArrayList<>();
    GradientSource.Provider listening =
        work -> {
          GradientSource source = LocalGradients.of(work, 1);
          try (var program = work.compile();
              var here = program.at(start(definition))) {
            var step = new GradientSource.Step(0, 0, 0);
            for (int part = 0; part < work.count(0); part++) {
              found.add(work.gradient(here, work.batch(0), step, part));
            }
          }
          return source;
        };
    try (Model model = Model.initial(definition, 1)) {
      model.train(
          same,
          TrainingOptions.seed(1).steps(1).batch(8).microBatch(4).build().withGradients(listening));
    }
    assertEquals(2, found.size());
    assertTrue(!Arrays.equals(found.get(0).values(), found.get(1).values()), "the same units fall");
  }

  private static float[] start(Definition definition) {
    return WeightLayout.of(definition).flat(Weights.initial(definition, 1));
  }

  @Test
  void whatIsNotFiniteNamesTheMicroBatch() {
    try (Model model = Model.initial(SavedModels.definition(), 1)) {
      var options =
          TrainingOptions.seed(1).steps(50).microBatch(4).optimiser(Adam.withRate(1e30)).build();
      var error =
          assertThrows(TrainingException.class, () -> model.train(SavedModels.EXAMPLES, options));
      assertTrue(error.getMessage().contains(" in micro-batch 0 "), error.getMessage());
      assertTrue(error.getMessage().contains("layer") || error.getMessage().contains("parameter"));
    }
  }

  /** What a gradient takes of memory is that of a micro-batch: nothing larger is ever asked for. */
  @Test
  void noGradientIsOfMoreThanAMicroBatch() {
    AtomicInteger most = new AtomicInteger();
    try (Model model = Model.initial(SavedModels.definition(), 1)) {
      var options = TrainingOptions.seed(1).steps(1).batch(64).microBatch(4).build();
      model.train(
          SavedModels.EXAMPLES,
          options.withGradients(
              work -> {
                for (int part = 0; part < work.count(0); part++) {
                  most.accumulateAndGet(work.micro(work.batch(0), part).size(), Math::max);
                }
                assertEquals(16, work.count(0));
                return LocalGradients.of(work, 2);
              }));
    }
    assertEquals(4, most.get());
  }

  @Test
  void gradientsFromElsewhereAreInMicroBatches() {
    var options = TrainingOptions.seed(1).build();
    assertThrows(
        IllegalStateException.class,
        () -> options.withGradients(work -> LocalGradients.of(work, 1)));
  }

  /** Interrupts whoever asks for the second step, once {@code isReady} says that it may begin. */
  private record Interrupting(GradientSource source, BooleanSupplier isReady)
      implements GradientSource {
    @Override
    public Found gradient(Step step, float[] weights) {
      if (step.number() == 1) {
        while (!isReady.getAsBoolean()) {
          Thread.onSpinWait();
        }
        Thread.currentThread().interrupt();
      }
      return source.gradient(step, weights);
    }

    @Override
    public String diagnose(Step step, float[] weights) {
      return source.diagnose(step, weights);
    }

    @Override
    public void close() {
      source.close();
    }
  }

  /** Returns whether a thread that prepares batches has nothing to do. */
  private static boolean rests(Thread thread) {
    Thread.State state = thread.getState();
    return state == Thread.State.TIMED_WAITING || state == Thread.State.TERMINATED;
  }

  @Test
  void anInterruptLeavesWithTheStepInHand() {
    AtomicReference<Thread> preparing = new AtomicReference<>(Thread.currentThread());
    AtomicInteger asked = new AtomicInteger();
    Examples examples =
        Examples.conditioned(
            SavedModels.DIGITS,
            i -> {
              if (Thread.currentThread().getName().equals(Prefetch.THREAD)) {
                preparing.set(Thread.currentThread());
                asked.incrementAndGet();
              }
              return ConditionValues.none().withLabel("class", SavedModels.DIGITS.label(i));
            });
    BooleanSupplier isReady = () -> asked.get() == 2 * 13 && rests(preparing.get());
    var options = steps(9).microBatch(2).build();
    var interrupted =
        options.withGradients(work -> new Interrupting(LocalGradients.of(work, 2), isReady));
    try (Model model = Model.initial(SavedModels.definition(), 1)) {
      assertThrows(CancellationException.class, () -> model.train(examples, interrupted));
      assertTrue(Thread.interrupted(), "the status stays set");
      assertEquals(2, model.snapshot().state().orElseThrow().step());
    }
  }

  @Test
  void cancellingLeavesTheModelUsable() {
    try (Model model = Model.initial(SavedModels.definition(), 1)) {
      try (Training run =
          model.training(SavedModels.EXAMPLES, steps(9).microBatch(2).threads(2).build())) {
        run.next();
        run.next();
      }
      assertEquals(2, model.snapshot().state().orElseThrow().step());
      model.score(SavedModels.EXAMPLES);
    }
  }
}
