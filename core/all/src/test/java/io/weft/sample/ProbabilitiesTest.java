package io.weft.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.complete.KnownPixels;
import io.weft.complete.PixelMask;
import io.weft.define.Definition;
import io.weft.model.LocallyMaskedPixelCnn;
import io.weft.model.PixelCnn;
import io.weft.order.GenerationOrder;
import io.weft.spec.ImageSpec;
import io.weft.testing.RandomWeights;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The distributions of a pixel, asked for apart from a series. */
class ProbabilitiesTest {

  private static final Definition COLOUR = PixelCnn.textbook(new ImageSpec(5, 4, 3, 4), 3, 6, 3);
  private static final Sampler SAMPLER = Sampler.of(COLOUR, RandomWeights.of(COLOUR, 2), 43);

  @Test
  void theyAreThoseThatTheImageIsDrawnWith() {
    int[] image = SAMPLER.images().toList().get(0).levels();
    try (SamplingRun run = SAMPLER.run()) {
      while (!run.isDone()) {
        int position = run.position();
        int channel = run.channel();
        double[][] asked = SAMPLER.probabilities(image, position / 4, position % 4);
        assertArrayEquals(run.probabilities(0), asked[channel], 1e-12);
        run.advance();
      }
    }
  }

  @Test
  void whatComesLaterDoesNotMatter() {
    int[] image = SAMPLER.images().toList().get(0).levels();
    double[][] first = SAMPLER.probabilities(image, 0, 0);
    int[] later = image.clone();
    Arrays.fill(later, 3, later.length, 0);
    assertArrayEquals(first[2], SAMPLER.probabilities(later, 0, 0)[2], 0);
  }

  @Test
  void temperatureSharpens() {
    int[] image = SAMPLER.images().toList().get(0).levels();
    double[] plain = SAMPLER.probabilities(image, 3, 2)[0];
    double[] cold = SAMPLER.temperature(0.5).probabilities(image, 3, 2)[0];
    double sum = Arrays.stream(plain).map(p -> p * p).sum();
    assertArrayEquals(Arrays.stream(plain).map(p -> p * p / sum).toArray(), cold, 1e-12);
    double[] frozen = SAMPLER.temperature(1e-6).probabilities(image, 3, 2)[0];
    assertEquals(1, Arrays.stream(frozen).max().orElseThrow(), 1e-12);
  }

  @Test
  void theColdestTemperatureMakesTheLikeliestCertain() {
    int[] image = SAMPLER.images().toList().get(0).levels();
    double[] plain = SAMPLER.probabilities(image, 3, 2)[0];
    double likeliest = Arrays.stream(plain).max().orElseThrow();
    for (double temperature : new double[] {Double.MIN_VALUE, 1e-310, Double.MIN_NORMAL}) {
      assertArrayEquals(
          Arrays.stream(plain).map(p -> p == likeliest ? 1 : 0).toArray(),
          SAMPLER.temperature(temperature).probabilities(image, 3, 2)[0],
          "at " + temperature);
    }
  }

  @Test
  void whatIsKnownIsContextWhereverItLies() {
    ImageSpec spec = new ImageSpec(6, 6, 1, 3);
    Definition definition =
        LocallyMaskedPixelCnn.builder(spec)
            .orders(GenerationOrder.eight(GenerationOrder.sCurve(6, 6)))
            .maps(6)
            .blocks(1)
            .build();
    Sampler sampler = Sampler.of(definition, RandomWeights.of(definition, 5), 1);
    int[] dark = new int[spec.values()];
    int[] light = dark.clone();
    Arrays.fill(light, 18, 36, 2);
    PixelMask hole = PixelMask.hole(spec, 2, 2, 2, 2);
    double[] below = at(sampler, spec, hole, light);
    double[] nothing = at(sampler, spec, hole, dark);
    assertTrue(Math.abs(below[0] - nothing[0]) > 1e-6, "the rows below are context");
    assertEquals(1, Arrays.stream(below).sum(), 1e-9);
    Sampler completing = sampler.complete(KnownPixels.of(spec, dark, hole));
    var error =
        assertThrows(IllegalArgumentException.class, () -> completing.probabilities(dark, 0, 5));
    assertTrue(error.getMessage().contains("is known"), error.getMessage());
  }

  private static double[] at(Sampler sampler, ImageSpec spec, PixelMask hole, int[] levels) {
    return sampler.complete(KnownPixels.of(spec, levels, hole)).probabilities(levels, 2, 2)[0];
  }

  @Test
  void badRequestsAreRefused() {
    int[] image = new int[COLOUR.image().values()];
    assertThrows(IndexOutOfBoundsException.class, () -> SAMPLER.probabilities(image, 5, 0));
    assertThrows(IndexOutOfBoundsException.class, () -> SAMPLER.probabilities(image, 0, -1));
    assertThrows(IllegalArgumentException.class, () -> SAMPLER.probabilities(new int[7], 0, 0));
    image[3] = -1;
    SAMPLER.probabilities(image, 0, 0);
    var early =
        assertThrows(IllegalArgumentException.class, () -> SAMPLER.probabilities(image, 4, 3));
    assertTrue(
        early.getMessage().contains("row 0, column 1 comes earlier and is not drawn yet"),
        early.getMessage());
    image[3] = 0;
    image[0] = 4;
    assertThrows(IllegalArgumentException.class, () -> SAMPLER.probabilities(image, 4, 3));
  }
}
