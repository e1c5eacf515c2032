package io.weft.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.define.Definition;
import io.weft.engine.Device;
import io.weft.internal.step.StepProgram;
import io.weft.internal.tensorflow.TensorFlowEngine;
import io.weft.model.PixelCnnPlusPlus;
import io.weft.score.Scorer;
import io.weft.score.Scores;
import io.weft.spec.ImageSpec;
import io.weft.testing.RandomWeights;
import io.weft.testing.SlowChecks;
import io.weft.weight.Weights;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is drawn is the distribution that is trained and scored. */
class MixtureSamplingTest {

  private static Definition model(ImageSpec image) {
    return PixelCnnPlusPlus.builder(image).blocks(1).maps(4).components(3).build();
  }

  /** All 64 images of two pixels, three channels and two levels. */
  @Test
  void theProbabilitiesDrawnFromAreThoseScored() {
    ImageSpec image = new ImageSpec(1, 2, 3, 2);
    Definition definition = model(image);
    Weights weights = RandomWeights.of(definition, 2);
    int[] levels = new int[64 * 6];
    double[] logs = new double[64];
    try (SamplingRun run = Sampler.of(definition, weights, 1).count(64).run()) {
      for (int value = 0; !run.isDone(); value++) {
        for (int i = 0; i < 64; i++) {
          int level = i >> value & 1;
          double[] probabilities = run.probabilities(i);
          assertEquals(1, Arrays.stream(probabilities).sum(), 1e-12);
          logs[i] += Math.log(probabilities[level]);
          levels[i * 6 + value] = level;
          run.force(i, level);
        }
        run.advance();
      }
    }
    assertEquals(1, Arrays.stream(logs).map(Math::exp).sum(), 1e-5);
    try (Scorer scorer = new Scorer(definition, () -> weights, TensorFlowEngine.on(Device.cpu()))) {
      Scores scores = scorer.score(Examples.of(ImageSet.of(image, levels)));
      double[] scored = scores.logLikelihoods();
      for (int i = 0; i < 64; i++) {
        assertEquals(scored[i], logs[i], 1e-4, "image " + i);
      }
    }
  }

  @Test
  void imagesComeAsOftenAsTheModelSays() {
    ImageSpec image = new ImageSpec(1, 1, 3, 3);
    Definition definition = model(image);
    Weights weights = RandomWeights.of(definition, 4);
    int n = SlowChecks.times(12_000, 40_000);
    for (double temperature : new double[] {1, 2}) {
      double[] expected = probabilities(definition, weights, temperature);
      assertEquals(1, Arrays.stream(expected).sum(), 1e-5);
      int[] found = new int[27];
      for (SampledImage drawn :
          Sampler.of(definition, weights, 8)
              .count(n)
              .batch(4000)
              .temperature(temperature)
              .images()
              .toList()) {
        int[] levels = drawn.levels();
        found[levels[0] + 3 * levels[1] + 9 * levels[2]]++;
      }
      double chi = 0;
      for (int i = 0; i < 27; i++) {
        double mean = n * expected[i];
        chi += (found[i] - mean) * (found[i] - mean) / mean;
      }
      // Twenty-six degrees of freedom: above 61.7 once in 10,000.
      assertTrue(chi < 61.7, "chi-square " + chi + " at temperature " + temperature);
    }
  }

  /**
   * Of all images of one pixel. Temperature is the power 1/T of each colour value's probabilities,
   * divided by their sum.
   */
  private static double[] probabilities(
      Definition definition, Weights weights, double temperature) {
    double[] products = new double[27];
    Arrays.fill(products, 1);
    try (SamplingRun run = Sampler.of(definition, weights, 1).count(27).run()) {
      for (int place = 1; !run.isDone(); place *= 3) {
        for (int i = 0; i < 27; i++) {
          int level = i / place % 3;
          double[] powers =
              Arrays.stream(run.probabilities(i)).map(p -> Math.pow(p, 1 / temperature)).toArray();
          products[i] *= powers[level] / Arrays.stream(powers).sum();
          run.force(i, level);
        }
        run.advance();
      }
    }
    return products;
  }

  @Test
  void theBatchDoesNotMatter() {
    Definition definition = model(new ImageSpec(5, 7, 3, 256));
    Sampler many = Sampler.of(definition, RandomWeights.of(definition, 1), 5).count(11);
    List<SampledImage> images = many.batch(11).images().toList();
    assertEquals(images, many.batch(1).images().toList());
    assertEquals(images, many.batch(4).images().toList());
    assertTrue(IntStream.of(images.get(0).levels()).distinct().count() > 20);
  }

  @Test
  void aPixelTakesOneStepOfTheNetwork() {
    StepProgram program = StepProgram.of(model(new ImageSpec(4, 4, 3, 8)));
    for (int step = 0; step < program.steps(); step++) {
      if (program.channel(step) > 0) {
        assertEquals(program.firstCall(step), program.firstCall(step + 1), "step " + step);
      }
    }
  }

  @Test
  void parametersAreThoseOfTheChannel() {
    Definition definition = model(new ImageSpec(2, 2, 3, 8));
    try (SamplingRun run = Sampler.of(definition, RandomWeights.of(definition, 1), 1).run()) {
      for (int expected : new int[] {9, 9 + 9 + 1, 9 + 9 + 12 + 2}) {
        assertEquals(expected, run.parameters(0).length);
        run.force(0, 7);
        run.advance();
      }
      float[] second = run.parameters(0);
      assertEquals(9, second.length);
      assertThrows(IndexOutOfBoundsException.class, () -> run.probabilities(1));
    }
  }
}
