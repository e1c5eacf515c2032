package io.weft.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.complete.Half;
import io.weft.complete.PixelMask;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.define.Definition;
import io.weft.engine.Device;
import io.weft.internal.tensorflow.TensorFlowEngine;
import io.weft.model.GatedPixelCnn;
import io.weft.order.GenerationOrder;
import io.weft.spec.ImageSpec;
import io.weft.testing.OrderedModel;
import io.weft.testing.RandomWeights;
import io.weft.weight.Weights;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConditionalScorerTest {

  private static final ImageSpec IMAGE = new ImageSpec(3, 3, 1, 2);
  private static final Definition ANY =
      OrderedModel.of(IMAGE, List.of(GenerationOrder.hilbert(3, 3), GenerationOrder.raster(3, 3)));
  private static final Definition RASTER = GatedPixelCnn.of(IMAGE, 1, 6, 3);

  /** All binary 3 x 3 images; bit p is position p. */
  private static final Examples ALL =
      Examples.of(
          ImageSet.of(
              IMAGE, IntStream.range(0, 512 * 9).map(i -> ((i / 9) >> (i % 9)) & 1).toArray()));

  private static final PixelMask DIAGONAL = PixelMask.of(3, 3, (row, column) -> row != column);

  /** The joint log-likelihood of every image, renormalised over what is missing. */
  private static double[] brute(Definition definition, Weights weights, PixelMask mask) {
    try (Scorer scorer = new Scorer(definition, () -> weights, TensorFlowEngine.on(Device.cpu()))) {
      double[] joint = scorer.score(ALL).logLikelihoods();
      int known = IntStream.range(0, 9).filter(mask::isKnown).map(p -> 1 << p).sum();
      double[] conditional = new double[512];
      for (int i = 0; i < 512; i++) {
        int image = i;
        double total =
            IntStream.range(0, 512)
                .filter(other -> (other & known) == (image & known))
                .mapToDouble(other -> Math.exp(joint[other]))
                .sum();
        conditional[i] = joint[i] - Math.log(total);
      }
      return conditional;
    }
  }

  @Test
  void underADerivedOrderItIsTheRenormalisedJoint() {
    Weights weights = RandomWeights.of(ANY, 4);
    GenerationOrder order = DIAGONAL.knownFirst(ANY.orders());
    assertTrue(!ANY.orders().contains(order));
    try (ConditionalScorer scorer =
        new ConditionalScorer(ANY, () -> weights, TensorFlowEngine.on(Device.cpu()))) {
      double[] found = scorer.logLikelihoods(ALL, i -> DIAGONAL);
      double[] expected = brute(ANY.under(order), weights, DIAGONAL);
      for (int i = 0; i < 512; i++) {
        assertEquals(expected[i], found[i], 1e-4);
      }
    }
  }

  @Test
  void underAFixedOrderItIsSoWhereKnownPixelsComeFirst() {
    Weights weights = RandomWeights.of(RASTER, 5);
    PixelMask bottom = PixelMask.withoutHalf(IMAGE, Half.BOTTOM);
    try (ConditionalScorer scorer =
        new ConditionalScorer(RASTER, () -> weights, TensorFlowEngine.on(Device.cpu()))) {
      double[] found = scorer.logLikelihoods(ALL, i -> bottom);
      double[] expected = brute(RASTER, weights, bottom);
      for (int i = 0; i < 512; i++) {
        assertEquals(expected[i], found[i], 1e-4);
      }
      var error =
          assertThrows(
              IllegalArgumentException.class,
              () -> scorer.logLikelihoods(ALL, i -> i < 7 ? bottom : DIAGONAL));
      assertTrue(
          error.getMessage().startsWith("example 7: 6 known pixels come after a missing one"),
          error.getMessage());
    }
    try (Scorer scorer = new Scorer(RASTER, () -> weights, TensorFlowEngine.on(Device.cpu()))) {
      Scores scores = scorer.score(ALL);
      double[] expected = brute(RASTER, weights, DIAGONAL);
      double most =
          IntStream.range(0, 512)
              .mapToDouble(i -> Math.abs(scores.missingLogLikelihood(i, DIAGONAL) - expected[i]))
              .max()
              .orElseThrow();
      assertTrue(most > 0.01, "with known pixels after missing ones it is something else: " + most);
      assertEquals(
          scores.valueLogLikelihood(5, 0, 0, 0)
              + scores.valueLogLikelihood(5, 1, 1, 0)
              + scores.valueLogLikelihood(5, 2, 2, 0),
          scores.missingLogLikelihood(5, DIAGONAL),
          1e-6);
    }
  }

  @Test
  void masksMayDifferAndOrdersAreForgotten() {
    try (Model model = Model.initial(ANY, 3)) {
      List<PixelMask> masks =
          IntStream.range(0, ConditionalScorer.KEPT + 2)
              .mapToObj(p -> PixelMask.of(3, 3, (row, column) -> row * 3 + column != p))
              .toList();
      double[] found = model.conditionalLogLikelihoods(ALL, i -> masks.get(i % masks.size()));
      for (int i = 0; i < 2; i++) {
        int index = i;
        double[] alone = model.conditionalLogLikelihoods(ALL, k -> masks.get(index));
        assertEquals(alone[index], found[index], 1e-6);
        assertEquals(
            0, Math.log(Math.exp(alone[0]) + Math.exp(alone[1 << index])), 1e-5, "they sum to 1");
      }
      assertTrue(Arrays.stream(found).allMatch(n -> n < 0));
      PixelMask other = PixelMask.withoutHalf(new ImageSpec(3, 4, 1, 2), Half.TOP);
      assertThrows(
          IllegalArgumentException.class, () -> model.conditionalLogLikelihoods(ALL, i -> other));
    }
  }

  @Test
  void aClosedModelScoresNoMore() {
    Model model = Model.initial(ANY, 3);
    model.close();
    assertThrows(
        IllegalStateException.class, () -> model.conditionalLogLikelihoods(ALL, i -> DIAGONAL));
  }
}
