package io.weft.pyramid;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.define.Definition;
import io.weft.sample.SampledImage;
import io.weft.sample.SamplingExecutor;
import io.weft.score.Scores;
import io.weft.spec.DefinitionException;
import io.weft.spec.ImageSpec;
import io.weft.testing.EveryImage;
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
    ImageSet all = EveryImage.of(pyramid.image());
    int draws = 20_000;
    try (MultiScaleModel model = Pyramids.random(pyramid)) {
      double[] expected =
          Arrays.stream(model.score(Examples.of(all)).logLikelihoods())
              .map(l -> draws * Math.exp(l))
              .toArray();
      double[] found = new double[all.size()];
      model.sampler(3).count(draws).batch(500).executor(SamplingExecutor.jvm()).images().stream()
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
