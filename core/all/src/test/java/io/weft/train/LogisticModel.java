package io.weft.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.weft.Model;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.engine.Device;
import io.weft.optimise.Optimiser;
import io.weft.spec.ImageSpec;
import io.weft.weight.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The smallest model that learns: two weights, whose steps take no time. */
final class LogisticModel {

  private static final ImageSpec IMAGE = new ImageSpec(1, 2, 1, 2);

  /** Levels of pairs of pixels. */
  static final int[] LEVELS = {0, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0};

  static final Examples PAIRS = Examples.of(ImageSet.of(IMAGE, LEVELS));
  static final int IMAGES = LEVELS.length / 2;

  /** What is learned from the pairs is wrong of these: they get worse from some step on. */
  static final Examples OPPOSITES =
      Examples.of(ImageSet.of(IMAGE, Arrays.stream(LEVELS).map(level -> 1 - level).toArray()));

  /** One logit for the pixel on the right: w times the pixel on its left, plus b. */
  static final Definition DEFINITION = definition();

  private LogisticModel() {}

  private static Definition definition() {
    ModelBuilder model = ModelBuilder.of("logistic", IMAGE);
    return model.bernoulli(model.image().shiftRight(1).conv1x1(1));
  }

  static Model initial() {
    return Model.initial(DEFINITION, 1);
  }

  /** Returns w and b. */
  static double[] values(Weights weights) {
    return new double[] {weights.values("conv1x1/kernel")[0], weights.values("conv1x1/bias")[0]};
  }

  /**
   * Takes four steps from weights 0.25 and -0.5 on all pairs, and compares the weights after each:
   * steps of the engine, and steps in micro-batches of 4 and 2, which Java takes.
   *
   * @param expected w and b after each step, worked out apart from any of this code, in double
   */
  static void agree(Optimiser optimiser, double clip, double[][] expected) {
    agree(expected, options(optimiser, clip, expected).build());
    agree(expected, options(optimiser, clip, expected).microBatch(4).build());
  }

  private static TrainingOptions.Builder options(
      Optimiser optimiser, double clip, double[][] expected) {
    return TrainingOptions.seed(1)
        .steps(expected.length)
        .batch(IMAGES)
        .optimiser(optimiser)
        .clipNorm(clip)
        .checkpointEvery(1);
  }

  private static void agree(double[][] expected, TrainingOptions options) {
    Weights start =
        Weights.of(
            DEFINITION,
            Map.of("conv1x1/kernel", new float[] {0.25f}, "conv1x1/bias", new float[] {-0.5f}));
    try (Model model = Model.of(DEFINITION, start, Device.cpu())) {
      List<double[]> found = new ArrayList<>();
      model.train(
          PAIRS,
          options,
          event -> {
            if (event instanceof TrainingEvent.Checkpointed) {
              found.add(values(model.weights()));
            }
          });
      assertEquals(expected.length, found.size());
      for (int step = 0; step < expected.length; step++) {
        assertArrayEquals(expected[step], found.get(step), 2e-7, "step " + (step + 1));
      }
    }
  }
}
