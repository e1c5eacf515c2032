package io.weft.score;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.weft.data.Examples;
import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.distribution.Distribution;
import io.weft.engine.Device;
import io.weft.internal.tensorflow.TensorFlowEngine;
import io.weft.layer.Feature;
import io.weft.model.GatedPixelCnn;
import io.weft.model.Head;
import io.weft.model.ImageGpt;
import io.weft.model.PixelCnn;
import io.weft.model.PixelCnnPlusPlus;
import io.weft.model.PixelRnn;
import io.weft.model.PixelSnail;
import io.weft.order.GenerationOrder;
import io.weft.spec.ConditionValues;
import io.weft.spec.ImageSpec;
import io.weft.testing.DistributionSample;
import io.weft.testing.EveryImage;
import io.weft.testing.RandomGraphs;
import io.weft.testing.RandomWeights;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A model is a distribution: the probabilities of all images there are sum to 1. */
class ProbabilityTest {

  private static final ImageSpec BINARY = new ImageSpec(3, 3, 1, 2);
  private static final ImageSpec TERNARY = new ImageSpec(2, 2, 1, 3);
  private static final ImageSpec COLOUR = new ImageSpec(1, 2, 3, 2);

  @Test
  void plain() {
    for (ImageSpec image : List.of(BINARY, TERNARY, COLOUR)) {
      sumsToOne(PixelCnn.of(image, 1, 4, 3));
      sumsToOne(PixelCnn.textbook(image, 2, 4, 3));
    }
  }

  @Test
  void gated() {
    for (ImageSpec image : List.of(BINARY, TERNARY, COLOUR)) {
      sumsToOne(GatedPixelCnn.of(image, 1, 4, 3));
      sumsToOne(GatedPixelCnn.classConditional(image, 4, 1, 4, 3));
    }
  }

  @Test
  void recurrent() {
    for (ImageSpec image : List.of(BINARY, TERNARY, COLOUR)) {
      sumsToOne(PixelRnn.rowLstm(image, 2, 4));
      sumsToOne(PixelRnn.diagonalBiLstm(image, 2, 4));
    }
  }

  @Test
  void attending() {
    for (ImageSpec image : List.of(BINARY, TERNARY, COLOUR)) {
      sumsToOne(PixelSnail.builder(image).blocks(1).maps(4).build());
      sumsToOne(ImageGpt.builder(image).blocks(2).maps(6).heads(2).build());
    }
    sumsToOne(
        ImageGpt.builder(BINARY)
            .blocks(1)
            .maps(4)
            .heads(1)
            .order(GenerationOrder.hilbert(3, 3))
            .build());
  }

  @Test
  void bernoulli() {
    for (ImageSpec image : List.of(BINARY, COLOUR)) {
      ModelBuilder plain = ModelBuilder.of("plain", image);
      Feature first = PixelCnn.first(plain, 4, 3);
      sumsToOne(plain.bernoulli(Head.logits(plain, first, 4, Distribution.bernoulli())));
      ModelBuilder gated = ModelBuilder.of("gated", image);
      sumsToOne(
          gated.bernoulli(
              GatedPixelCnn.logits(gated, 1, 4, 3, Distribution.bernoulli(), List.of())));
    }
  }

  @Test
  void plusPlus() {
    for (ImageSpec image : List.of(BINARY, TERNARY, COLOUR, new ImageSpec(1, 2, 3, 3))) {
      sumsToOne(PixelCnnPlusPlus.builder(image).blocks(1).maps(4).components(2).build());
    }
    sumsToOne(
        PixelCnnPlusPlus.builder(TERNARY).blocks(1).maps(4).classCondition("class", 4).build());
  }

  /** Of one pixel, where there are not too many. */
  @ParameterizedTest
  @MethodSource("io.weft.testing.DistributionSamples#all")
  void everyDistribution(DistributionSample sample) {
    ImageSpec image = sample.image();
    boolean few = Math.pow(image.levels(), image.channels()) < 5000;
    ImageSpec pixel = new ImageSpec(1, 1, few ? image.channels() : 1, image.levels());
    sumsToOne(new DistributionSample(sample.distribution(), pixel).model());
  }

  private static void sumsToOne(Definition definition) {
    ImageSpec image = definition.image();
    ConditionValues conditions = RandomGraphs.conditions(definition, new SplittableRandom(3));
    Examples all = Examples.conditioned(EveryImage.of(image), i -> conditions);
    var weights = RandomWeights.of(definition, 11);
    try (Scorer scorer = new Scorer(definition, () -> weights, TensorFlowEngine.on(Device.cpu()))) {
      Scores scores = scorer.score(all);
      double sum = 0;
      for (double log : scores.logLikelihoods()) {
        sum += Math.exp(log);
      }
      assertEquals(1, sum, 1e-4, definition.toString());
    }
  }
}
