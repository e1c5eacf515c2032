package io.weft.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.distribution.Distribution;
import io.weft.internal.step.StepProgram;
import io.weft.model.GatedPixelCnn;
import io.weft.model.PixelCnn;
import io.weft.spec.ConditionValues;
import io.weft.spec.ImageSpec;
import io.weft.testing.RandomWeights;
import io.weft.weight.Weights;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SamplerTest {

  private static final Definition DIGITS =
      GatedPixelCnn.classConditional(new ImageSpec(7, 6, 1, 8), 10, 2, 8, 3);
  private static final Definition COLOUR = PixelCnn.textbook(new ImageSpec(5, 4, 3, 4), 3, 6, 3);

  private static Sampler digits() {
    return Sampler.of(DIGITS, RandomWeights.of(DIGITS, 1), 42)
        .count(19)
        .conditions(i -> ConditionValues.none().withLabel("class", (int) (i % 10)));
  }

  private static Sampler colour() {
    return Sampler.of(COLOUR, RandomWeights.of(COLOUR, 2), 43).count(5);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 8, 19, 64})
  void theBatchDoesNotMatter(int batch) {
    Sampler many = digits().count(70);
    assertEquals(many.batch(19).images().toList(), many.batch(batch).images().toList());
  }

  @Test
  void labelsAreForAModelWhoseOnlyConditionIsAClass() {
    assertEquals(
        digits().images().toList(), digits().labels(i -> (int) (i % 10)).images().toList());
    var error = assertThrows(IllegalArgumentException.class, () -> colour().labels(i -> 0));
    assertTrue(error.getMessage().contains("has the conditions []"), error.getMessage());
  }

  @Test
  void anImageIsAdvancedPixelByPixel() {
    try (Pull<SampledImage> pull = digits().count(2).batch(2).images().iterator()) {
      for (int pixel = 1; pixel < DIGITS.image().pixels(); pixel++) {
        assertFalse(pull.advance());
      }
      assertTrue(pull.advance());
      assertTrue(pull.advance(), "nothing more is drawn before the element is taken");
      assertEquals(digits().images().toList().get(0), pull.next());
      assertTrue(pull.advance(), "the other image of the group is ready too");
      assertEquals(1, pull.next().index());
      assertThrows(NoSuchElementException.class, pull::advance);
    }
  }

  @Test
  void imagesVaryAndSeedsMatter() {
    List<SampledImage> images = digits().images().toList();
    assertEquals(19, images.stream().map(i -> Arrays.toString(i.levels())).distinct().count());
    assertNotEquals(images, digits().seed(41).images().toList());
    assertTrue(
        images.stream().flatMapToInt(i -> Arrays.stream(i.levels())).distinct().count() == 8);
  }

  @Test
  void pixelsAndRowsAreTheImages() {
    for (Sampler sampler : List.of(digits().batch(4), colour().batch(2))) {
      List<SampledImage> images = sampler.images().toList();
      List<Pixel> pixels = sampler.pixels().toList();
      ImageSpec image = sampler.definition().image();
      assertEquals(images.size() * image.pixels(), pixels.size());
      for (Pixel pixel : pixels) {
        for (int c = 0; c < image.channels(); c++) {
          assertEquals(
              images.get((int) pixel.image()).value(pixel.row(), pixel.column(), c),
              pixel.value(c));
        }
      }
      List<PixelRow> rows = sampler.rows().toList();
      assertEquals(images.size() * image.height(), rows.size());
      for (PixelRow row : rows) {
        for (int x = 0; x < image.width(); x++) {
          assertEquals(
              images.get((int) row.image()).value(row.row(), x, image.channels() - 1),
              row.value(x, image.channels() - 1));
        }
      }
    }
  }

  @Test
  void oneImageCanBeGeneratedAgain() {
    SampledImage eleventh = digits().images().toList().get(11);
    assertEquals(List.of(eleventh), digits().firstImage(11).count(1).images().toList());
    List<SampledImage> listed =
        digits()
            .conditions(List.of(ConditionValues.none().withLabel("class", 1)))
            .firstImage(11)
            .images()
            .toList();
    assertEquals(List.of(eleventh), listed);
  }

  @Test
  void streamsArePulledAPixelAtATime() {
    List<Pixel> all = digits().batch(3).pixels().toList();
    try (Stream<Pixel> stream = digits().batch(3).pixels().stream()) {
      assertEquals(all.subList(0, 50), stream.limit(50).toList());
    }
    try (Pull<Pixel> pull = digits().batch(3).pixels().iterator()) {
      assertTrue(pull.hasNext());
      assertEquals(all.get(0), pull.next());
      assertEquals(List.of(0L, 1L, 2L, 0L), all.subList(0, 4).stream().map(Pixel::image).toList());
    }
  }

  @Test
  void aClosedPullGivesNoMore() {
    Pull<Pixel> pull = digits().pixels().iterator();
    pull.next();
    pull.close();
    pull.close();
    assertFalse(pull.hasNext());
    assertThrows(NoSuchElementException.class, pull::next);
    Pull<SampledImage> images = colour().images().iterator();
    images.forEachRemaining(i -> {});
    assertThrows(NoSuchElementException.class, images::next);
  }

  @Test
  void weightsAreThoseOfTheMomentOfStarting() {
    Weights[] current = {RandomWeights.of(COLOUR, 2)};
    Sampler sampler = Sampler.of(COLOUR, () -> current[0], 43).count(5);
    Samples<SampledImage> images = sampler.images();
    assertEquals(colour().images().toList(), images.toList());
    current[0] = RandomWeights.of(COLOUR, 3);
    assertNotEquals(colour().images().toList(), images.toList());
    assertEquals(Sampler.of(COLOUR, current[0], 43).count(5).images().toList(), images.toList());
  }

  @Test
  void temperatureMovesTowardsTheLikeliest() {
    double hot = distinctLevels(colour().count(20).temperature(5));
    double cold = distinctLevels(colour().count(20).temperature(1e-6));
    assertEquals(1, cold);
    assertTrue(hot > 3, "distinct images " + hot);
  }

  private static double distinctLevels(Sampler sampler) {
    return sampler.images().toList().stream()
        .map(i -> Arrays.toString(i.levels()))
        .distinct()
        .count();
  }

  @Test
  void mistakesAreNamedAtOnce() {
    Weights weights = RandomWeights.of(DIGITS, 1);
    Sampler sampler = Sampler.of(DIGITS, weights, 1);
    expect(() -> sampler.images(), "image 0: condition \"class\" has no value");
    expect(
        () -> sampler.conditions(i -> ConditionValues.none().withLabel("class", 10)).pixels(),
        "labels 0 to 9, found 10");
    expect(
        () -> sampler.conditions(List.of(ConditionValues.none().withLabel("klass", 1))),
        "no condition \"klass\"");
    expect(() -> sampler.conditions(List.of()), "found a count of 0");
    expect(
        () ->
            sampler
                .conditions(List.of(ConditionValues.none().withLabel("class", 1)))
                .count(2)
                .rows(),
        "image 1: conditions are given for 1 image only");
    expect(() -> sampler.count(0), "found a count of 0");
    expect(() -> sampler.batch(0), "at least 1 image, found 0");
    expect(() -> sampler.firstImage(-1), "numbered from 0, found -1");
    for (double bad : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      expect(() -> sampler.temperature(bad), "found " + bad);
    }
  }

  private static void expect(Executable mistake, String message) {
    var error = assertThrows(IllegalArgumentException.class, mistake);
    assertTrue(error.getMessage().contains(message), error.getMessage());
  }

  @Test
  void forcedValuesTakeThePlaceOfDrawnOnes() {
    SampledImage drawn = digits().images().toList().get(2);
    try (SamplingRun run = digits().count(3).run()) {
      while (!run.isDone()) {
        if (run.position() < 20) {
          run.force(1, 3);
          run.force(2, drawn.value(run.position() / 6, run.position() % 6, 0));
        }
        assertEquals(8, run.parameters(1).length);
        run.advance();
      }
      assertEquals(3, run.level(1, 19, 0));
      assertEquals(drawn, run.image(2));
      assertThrows(IllegalStateException.class, run::advance);
    }
    try (SamplingRun run = digits().run()) {
      assertThrows(IllegalArgumentException.class, () -> run.force(0, 8));
      assertThrows(IllegalStateException.class, () -> run.image(0));
    }
  }

  /** The probabilities of all binary 3 x 3 images sum to 1. */
  @Test
  void theProbabilitiesOfAllImagesSumToOne() {
    ImageSpec image = new ImageSpec(3, 3, 1, 2);
    ModelBuilder model = ModelBuilder.of("bernoulli", image);
    Definition bernoulli =
        model.bernoulli(GatedPixelCnn.logits(model, 2, 6, 3, Distribution.bernoulli(), List.of()));
    for (Definition definition : List.of(bernoulli, PixelCnn.of(image, 2, 4, 3))) {
      try (SamplingRun run =
          Sampler.of(definition, RandomWeights.of(definition, 9), 0).count(512).run()) {
        double[] logs = new double[512];
        while (!run.isDone()) {
          for (int i = 0; i < 512; i++) {
            int level = i >> run.position() & 1;
            logs[i] += logProbability(run.parameters(i), level);
            run.force(i, level);
          }
          run.advance();
        }
        assertEquals(1, IntStream.range(0, 512).mapToDouble(i -> Math.exp(logs[i])).sum(), 1e-6);
      }
    }
  }

  /** All 16 images of 2 x 2 binary pixels come as often as their probabilities say. */
  @Test
  void imagesComeAsOftenAsTheModelSays() {
    Definition definition = PixelCnn.of(new ImageSpec(2, 2, 1, 2), 1, 4, 3);
    Sampler sampler = Sampler.of(definition, RandomWeights.of(definition, 6), 12);
    double[] logs = new double[16];
    try (SamplingRun run = sampler.count(16).run()) {
      while (!run.isDone()) {
        for (int i = 0; i < 16; i++) {
          int level = i >> run.position() & 1;
          logs[i] += logProbability(run.parameters(i), level);
          run.force(i, level);
        }
        run.advance();
      }
    }
    int n = 40_000;
    int[] found = new int[16];
    for (SampledImage image : sampler.count(n).batch(2000).images().toList()) {
      found[IntStream.range(0, 4).map(p -> image.levels()[p] << p).sum()]++;
    }
    double chi = 0;
    for (int i = 0; i < 16; i++) {
      double expected = n * Math.exp(logs[i]);
      assertTrue(expected > 5, "expected " + expected);
      chi += (found[i] - expected) * (found[i] - expected) / expected;
    }
    // Fifteen degrees of freedom: above 44.3 once in 10,000.
    assertTrue(chi < 44.3, "chi-square " + chi);
  }

  private static double logProbability(float[] parameters, int level) {
    double difference =
        parameters.length == 1 ? parameters[0] : (double) parameters[1] - parameters[0];
    return -Math.log1p(Math.exp(level == 1 ? -difference : difference));
  }

  @Test
  void aProgramCanBeShared() {
    StepProgram program = StepProgram.of(COLOUR);
    Weights weights = RandomWeights.of(COLOUR, 2);
    assertEquals(
        colour().images().toList(),
        Sampler.of(program, () -> weights, 43).count(5).images().toList());
  }

  @Test
  void whatAProgramTakesForKnownIsKnown() {
    StepProgram program = StepProgram.completing(DIGITS, 4);
    Sampler sampler =
        Sampler.of(program, () -> RandomWeights.of(DIGITS, 1), 1)
            .conditions(i -> ConditionValues.none().withLabel("class", 0));
    var error = assertThrows(IllegalArgumentException.class, () -> sampler.images().toList());
    assertTrue(error.getMessage().contains("first 4 pixels are known, but (0, 0)"), "" + error);
  }

  @Test
  @Timeout(60)
  void aSeriesAsGoodAsEndlessStartsAtOnce() {
    try (Pull<Pixel> pull = digits().count(Integer.MAX_VALUE).pixels().iterator()) {
      assertEquals(0, pull.next().image());
    }
  }

  @Test
  void indicesDoNotOverflow() {
    assertEquals(
        Long.MAX_VALUE, digits().count(2).firstImage(Long.MAX_VALUE - 1).run().firstImage() + 1);
    Sampler last = digits().count(1).firstImage(Long.MAX_VALUE);
    var error = assertThrows(IllegalArgumentException.class, () -> last.count(2));
    assertTrue(error.getMessage().contains("2^63 - 1"), error.getMessage());
  }
}
