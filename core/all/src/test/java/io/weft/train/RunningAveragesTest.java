package io.weft.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.data.EmbeddedDigits;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.layer.BatchNormalisation;
import io.weft.model.PixelCnn;
import io.weft.optimise.Adam;
import io.weft.spec.ImageSpec;
import org.junit.jupiter.api.Test;

/** Batch normalisation's running averages, from the first step on. */
class RunningAveragesTest {

  private static final int[] LEVELS = {0, 3, 1, 2, 3, 3, 0, 1, 2, 2, 0, 3, 1, 1, 0, 2};
  private static final Examples PAIRS = Examples.of(ImageSet.of(new ImageSpec(1, 2, 1, 4), LEVELS));
  private static final int IMAGES = LEVELS.length / 2;
  private static final int BATCH = 2;

  /** It measures the pixels themselves, whatever is learned. */
  private static Definition normalised(double momentum) {
    ModelBuilder model = ModelBuilder.of("normalised", new ImageSpec(1, 2, 1, 4));
    return model.softmax(
        model
            .image()
            .shiftRight(1)
            .apply("normal", new BatchNormalisation(momentum, 1e-3))
            .conv1x1(4));
  }

  @Test
  void areTheMeansOfTheFirstStepsAndThenRun() {
    for (double momentum : new double[] {0, 0.5, 0.75, 0.99}) {
      for (int steps : new int[] {1, 2, 3, 4, 5, 8, 11}) {
        try (Model model = Model.initial(normalised(momentum), 1)) {
          model.train(PAIRS, TrainingOptions.seed(5).steps(steps).batch(BATCH).build());
          double[] found = {
            model.weights().values("normal/mean")[0], model.weights().values("normal/variance")[0]
          };
          String where = "momentum " + momentum + ", " + steps + " steps";
          assertArrayEquals(expected(momentum, steps), found, 1e-6, where);
        }
      }
    }
  }

  private static double[] expected(double momentum, int steps) {
    ExampleOrder order = new ExampleOrder(IMAGES, BATCH, 5);
    double[] average = new double[2];
    for (int step = 0; step < steps; step++) {
      double keep = Math.min(momentum, step / (step + 1.0));
      double[] measured = measured(order.indices(step));
      for (int i = 0; i < 2; i++) {
        average[i] = keep * average[i] + (1 - keep) * measured[i];
      }
    }
    return average;
  }

  /** Mean and variance over a batch of what the layer reads: nothing, and the left pixel. */
  private static double[] measured(int[] indices) {
    double sum = 0;
    double squares = 0;
    for (int index : indices) {
      double left = 2.0 * LEVELS[2 * index] / 3 - 1;
      sum += left;
      squares += left * left;
    }
    double mean = sum / (2 * indices.length);
    return new double[] {mean, squares / (2 * indices.length) - mean * mean};
  }

  @Test
  void goOnFromWhatTheModelHas() {
    try (Model model = Model.initial(normalised(0.99), 1)) {
      var options = TrainingOptions.seed(5).steps(4).batch(BATCH).build();
      model.train(PAIRS, options);
      model.train(PAIRS, options);
      // Two passes over the same examples: each batch was measured as often as any other.
      double[] once = expected(0.99, 4);
      assertEquals(once[0], model.weights().values("normal/mean")[0], 1e-6);
    }
  }

  @Test
  void aModelScoresAsItTrainsAfterFewSteps() {
    ImageSet digit = EmbeddedDigits.count(1).size(8).levels(4).seed(5).grey();
    Definition definition = PixelCnn.textbook(digit.spec(), 2, 8, 3);
    Examples examples = Examples.of(digit);
    try (Model model = Model.initial(definition, 1)) {
      var record =
          model.train(
              examples,
              TrainingOptions.seed(1)
                  .steps(120)
                  .batch(1)
                  .optimiser(Adam.withRate(3e-3))
                  .validateOn(examples)
                  .validateEvery(10)
                  .build());
      var last = record.validations().get(record.validations().size() - 1);
      assertTrue(last.trainingBits() < 0.5, last.toString());
      assertTrue(last.validationBits() < 2 * last.trainingBits() + 0.05, last.toString());
    }
  }
}
