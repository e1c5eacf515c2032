package io.weft.pyramid;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.complete.Half;
import io.weft.complete.PixelMask;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.define.Definition;
import io.weft.order.GenerationOrder;
import io.weft.sample.SampledImage;
import io.weft.sample.SamplingExecutor;
import io.weft.score.Scores;
import io.weft.spec.DefinitionException;
import io.weft.spec.ImageSpec;
import io.weft.testing.EveryImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a pyramid is, and that its score is the likelihood of what it draws. */
class MultiScaleTest {

  private static MultiScale ofAnyOrder(ImageSpec image) {
    Scale scale = Scale.subsample(2);
    return new MultiScale(
        Pyramids.small(scale.small(image), 0),
        Pyramids.largeOfAnyOrder(image, scale),
        Pyramids.CONDITION,
        scale);
  }

  static List<MultiScale> tiny() {
    return List.of(
        Pyramids.of(new ImageSpec(2, 2, 1, 2), 2, 0),
        Pyramids.of(new ImageSpec(2, 3, 1, 2), 2, 0),
        Pyramids.of(new ImageSpec(3, 3, 1, 2), 2, 0),
        Pyramids.of(new ImageSpec(2, 2, 2, 2), 2, 0),
        Pyramids.of(new ImageSpec(2, 2, 1, 3), 3, 0),
        ofAnyOrder(new ImageSpec(2, 3, 1, 2)));
  }

  private static double sum(Scores scores) {
    return Arrays.stream(scores.logLikelihoods()).map(Math::exp).sum();
  }

  @ParameterizedTest
  @MethodSource("tiny")
  void theProbabilitiesOfAllImagesAddUpToOne(MultiScale pyramid) {
    Examples all = Examples.of(EveryImage.of(pyramid.image()));
    try (MultiScaleModel model = Pyramids.random(pyramid)) {
      Scores exact = model.score(all);
      Scores bound = model.scoreBound(all);
      assertEquals(1, sum(exact), 1e-5);
      assertTrue(sum(bound) < 0.9, "the bound adds up to " + sum(bound));
      if (!pyramid.large().servesEveryOrder()) {
        for (int i = 0; i < all.size(); i++) {
          assertTrue(bound.nats(i) >= exact.nats(i));
        }
      }
    }
  }

  /** The score says how often each image is drawn. */
  @ParameterizedTest
  @MethodSource("tiny")
  void imagesAreDrawnAsOftenAsTheirScoreSays(MultiScale pyramid) {
    try (MultiScaleModel model = Pyramids.random(pyramid)) {
      Examples all = Examples.of(EveryImage.of(pyramid.image()));
      assertDrawnAsOftenAs(model.score(all), model.sampler(3));
    }
  }

  /** In other orders of both models too, where they have any. */
  @Test
  void ordersAreThoseOfTheModels() {
    MultiScale pyramid = ofAnyOrder(new ImageSpec(2, 3, 1, 2));
    GenerationOrder back = GenerationOrder.raster(2, 3).rotate180();
    GenerationOrder own = pyramid.small().order();
    try (MultiScaleModel model = Pyramids.random(pyramid)) {
      Examples all = Examples.of(EveryImage.of(pyramid.image()));
      Scores scores = model.score(all, own, back);
      assertEquals(1, sum(scores), 1e-5);
      assertNotEquals(model.score(all).logLikelihood(9), scores.logLikelihood(9), 1e-3);
      assertDrawnAsOftenAs(scores, model.sampler(3).order(Size.LARGE, back));
      // An order of the large images is none of the small ones.
      assertThrows(DefinitionException.class, () -> model.score(all, back, back));
      assertThrows(DefinitionException.class, () -> model.sampler(3).order(Size.SMALL, back));
    }
  }

  private static void assertDrawnAsOftenAs(Scores scores, MultiScaleSampler sampler) {
    int draws = 20_000;
    double[] expected =
        Arrays.stream(scores.logLikelihoods()).map(l -> draws * Math.exp(l)).toArray();
    double[] found = new double[expected.length];
    sampler.count(draws).batch(500).executor(SamplingExecutor.jvm()).images().stream()
        .forEach(image -> found[number(image)]++);
    double chiSquare =
        IntStream.range(0, found.length)
            .mapToDouble(i -> Math.pow(found[i] - expected[i], 2) / expected[i])
            .sum();
    int degrees = found.length - 1;
    // Five standard deviations of a chi-square variable above its mean.
    assertTrue(
        chiSquare < degrees + 5 * Math.sqrt(2.0 * degrees),
        () -> chiSquare + " for " + degrees + " degrees of freedom");
  }

  /** Every mask of a small image, by the bits of a number. */
  private static PixelMask mask(ImageSpec image, int bits) {
    return PixelMask.of(
        image.height(),
        image.width(),
        (row, column) -> ((bits >> (row * image.width() + column)) & 1) == 1);
  }

  private static boolean agree(ImageSet all, int image, int other, PixelMask known) {
    ImageSpec spec = all.spec();
    return IntStream.range(0, spec.pixels())
        .filter(known::isKnown)
        .allMatch(
            p ->
                all.level(image, p / spec.width(), p % spec.width(), 0)
                    == all.level(other, p / spec.width(), p % spec.width(), 0));
  }

  /** What is said of a part is what follows from all whole images, or nothing is said. */
  @Test
  void likelihoodsOfPartsAreThoseOfBayes() {
    MultiScale pyramid = Pyramids.of(new ImageSpec(2, 3, 1, 2), 2, 0);
    ImageSet all = EveryImage.of(pyramid.image());
    int last = all.size() - 1;
    Examples examples = Examples.of(all);
    List<Integer> said = new ArrayList<>();
    try (MultiScaleModel model = Pyramids.random(pyramid)) {
      double[] logs = model.score(examples).logLikelihoods();
      for (int bits = 1; bits < 63; bits++) {
        PixelMask known = mask(pyramid.image(), bits);
        double[] found;
        try {
          found = model.conditionalLogLikelihoods(examples, i -> known);
        } catch (IllegalArgumentException e) {
          assertTrue(e.getMessage().startsWith("example 0: "), e.getMessage());
          continue;
        }
        said.add(bits);
        for (int image : new int[] {0, 21, last}) {
          int one = image;
          double sum =
              IntStream.rangeClosed(0, last)
                  .filter(other -> agree(all, one, other, known))
                  .mapToDouble(other -> Math.exp(logs[other]))
                  .sum();
          assertEquals(logs[one] - Math.log(sum), found[one], 1e-4, "mask " + bits);
        }
      }
    }
    // Pixels 0 and 2 are the small image. Known is 0 alone, or both, and then of the others none,
    // or first ones: 1; 1 and 3; 1, 3 and 4.
    assertEquals(List.of(0b1, 0b101, 0b111, 0b1111, 0b11111), said);
  }

  @Test
  void aLargeModelForAnyOrderSeesAllKnownPixels() {
    MultiScale pyramid = ofAnyOrder(new ImageSpec(2, 3, 1, 2));
    ImageSet all = EveryImage.of(pyramid.image());
    // The small image and the last pixel.
    PixelMask known = mask(pyramid.image(), 0b100101);
    try (MultiScaleModel model = Pyramids.random(pyramid)) {
      double[] found = model.conditionalLogLikelihoods(Examples.of(all), i -> known);
      double sum =
          IntStream.range(0, all.size())
              .filter(other -> agree(all, 5, other, known))
              .mapToDouble(other -> Math.exp(found[other]))
              .sum();
      assertEquals(1, sum, 1e-5);
    }
  }

  @Test
  void whatCannotBeSaidOfAPartIsRefusedWithTheReason() {
    try (MultiScaleModel model = Pyramids.random(Pyramids.ofDigits())) {
      PixelMask half = PixelMask.withoutHalf(Pyramids.DIGITS.spec(), Half.BOTTOM);
      var unseen =
          assertThrows(
              IllegalArgumentException.class,
              () -> model.conditionalLogLikelihoods(Pyramids.EXAMPLES, i -> half));
      assertTrue(
          unseen.getMessage().contains("the 24 known pixels beside it"), unseen.getMessage());
      PixelMask late =
          PixelMask.of(8, 8, (row, column) -> (row % 2 == 0 && column % 2 == 0) || row == 7);
      var after =
          assertThrows(
              IllegalArgumentException.class,
              () -> model.conditionalLogLikelihoods(Pyramids.EXAMPLES, i -> late));
      assertTrue(
          after.getMessage().contains("8 known pixels come after a missing one in the large"),
          after.getMessage());
      PixelMask other = PixelMask.withoutHalf(new ImageSpec(4, 4, 1, 2), Half.BOTTOM);
      assertThrows(
          IllegalArgumentException.class,
          () -> model.conditionalLogLikelihoods(Pyramids.EXAMPLES, i -> other));
    }
  }

  @Test
  void classesAreFoundByBayesRule() {
    try (MultiScaleModel model = Pyramids.random(Pyramids.ofDigits())) {
      double[][] each = new double[10][];
      for (int label = 0; label < 10; label++) {
        each[label] = model.score(Pyramids.EXAMPLES.under("digit", label)).logLikelihoods();
      }
      var posterior = model.classify(Pyramids.EXAMPLES);
      for (int i = 0; i < Pyramids.EXAMPLES.size(); i++) {
        int image = i;
        double sum = Arrays.stream(each).mapToDouble(l -> Math.exp(l[image])).sum();
        for (int label = 0; label < 10; label++) {
          assertEquals(Math.exp(each[label][i]) / sum, posterior.probability(i, label), 1e-6);
        }
      }
    }
    try (MultiScaleModel model = Pyramids.random(Pyramids.of(Pyramids.DIGITS.spec(), 2, 0))) {
      var error =
          assertThrows(
              IllegalArgumentException.class, () -> model.classify(Examples.of(Pyramids.DIGITS)));
      assertTrue(error.getMessage().contains("one class condition"), error.getMessage());
    }
  }

  private static int number(SampledImage image) {
    int number = 0;
    int[] levels = image.levels();
    for (int v = levels.length - 1; v >= 0; v--) {
      number = number * image.spec().levels() + levels[v];
    }
    return number;
  }

  @Test
  void theLargeModelIsGivenTheLevelsOfTheSmallImage() {
    MultiScale pyramid = Pyramids.ofDigits();
    var condition =
        pyramid.large().conditions().stream()
            .filter(c -> c.name().equals(Pyramids.CONDITION))
            .findFirst()
            .orElseThrow();
    Examples large = pyramid.largeOf(Pyramids.EXAMPLES);
    Examples small = pyramid.smallOf(Pyramids.EXAMPLES);
    assertEquals(new ImageSpec(4, 4, 1, 3), small.images().spec());
    for (int i = 0; i < Pyramids.DIGITS.size(); i++) {
      float[] expected = new float[16];
      for (int p = 0; p < 16; p++) {
        int level = Pyramids.DIGITS.level(i, p / 4 * 2, p % 4 * 2, 0);
        assertEquals(level, small.images().level(i, p / 4, p % 4, 0));
        expected[p] = level - 1f;
      }
      assertArrayEquals(expected, large.conditions(i).feature(condition));
    }
    assertEquals(List.of("digit"), pyramid.conditions().stream().map(c -> c.name()).toList());
  }

  private static void refused(String why, Definition small, Definition large, String condition) {
    String message =
        assertThrows(
                DefinitionException.class,
                () -> new MultiScale(small, large, condition, Scale.subsample(2)))
            .getMessage();
    assertTrue(message.contains(why), message);
  }

  @Test
  void modelsThatDoNotGoTogetherAreRefused() {
    ImageSpec image = new ImageSpec(6, 6, 1, 4);
    Scale two = Scale.subsample(2);
    Definition large = Pyramids.large(image, two, 3);
    Definition small = Pyramids.small(two.small(image), 3);
    new MultiScale(small, large, "small", two);
    refused("images of 3x3x1", Pyramids.small(new ImageSpec(2, 2, 1, 4), 3), large, "small");
    refused("images of 3x3x1", Pyramids.small(new ImageSpec(3, 3, 1, 2), 3), large, "small");
    refused("needs the condition", small, large, "little");
    refused("needs the condition", small, Pyramids.small(image, 3), "small");
    refused("name one of them otherwise", Pyramids.small(two.small(image), 4), large, "small");
    assertThrows(IllegalArgumentException.class, () -> Scale.subsample(1));
  }
}
