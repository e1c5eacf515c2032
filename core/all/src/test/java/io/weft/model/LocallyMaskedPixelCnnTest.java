package io.weft.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.advice.Advice;
import io.weft.data.Baselines;
import io.weft.data.EmbeddedDigits;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.distribution.Distribution;
import io.weft.engine.Device;
import io.weft.internal.step.StepProgram;
import io.weft.internal.tensorflow.TensorFlowEngine;
import io.weft.json.DefinitionJson;
import io.weft.layer.Feature;
import io.weft.layer.MaskType;
import io.weft.optimise.Adam;
import io.weft.order.GenerationOrder;
import io.weft.prove.BlindSpot;
import io.weft.prove.DefinitionReport;
import io.weft.sample.SampledImage;
import io.weft.score.EnsembleScores;
import io.weft.score.Scorer;
import io.weft.score.Scores;
import io.weft.spec.DefinitionException;
import io.weft.spec.ImageSpec;
import io.weft.testing.EveryImage;
import io.weft.testing.IncrementalComparison;
import io.weft.testing.RandomWeights;
import io.weft.testing.SlowChecks;
import io.weft.train.TrainingOptions;
import io.weft.weight.Weights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One model, one set of weights, any order. */
class LocallyMaskedPixelCnnTest {

  private static final ImageSpec BINARY = new ImageSpec(3, 3, 1, 2);

  private static List<GenerationOrder> orders(ImageSpec image) {
    List<GenerationOrder> all = new ArrayList<>();
    for (String name : List.of("raster", "s-curve", "hilbert", "random:4")) {
      all.addAll(GenerationOrder.eight(GenerationOrder.named(name, image.height(), image.width())));
    }
    return all.stream().distinct().toList();
  }

  private static Definition tiny(ImageSpec image, List<GenerationOrder> orders) {
    return LocallyMaskedPixelCnn.builder(image).blocks(1).maps(6).orders(orders).build();
  }

  @Test
  void theUsualMapsSuitEveryNumberOfChannels() {
    int[] maps = {160, 160, 162, 160};
    for (int channels = 1; channels <= 4; channels++) {
      ImageSpec image = new ImageSpec(4, 4, channels, 4);
      assertEquals(maps[channels - 1], LocallyMaskedPixelCnn.suitingMaps(image, 160));
      LocallyMaskedPixelCnn.builder(image).blocks(1).build();
      assertEquals(channels, LocallyMaskedPixelCnn.suitingMaps(image, 1));
    }
  }

  /** Under every order, and so under their ensemble, the probabilities of all images sum to 1. */
  @Test
  void isADistributionUnderEveryOrder() {
    List<ImageSpec> images = List.of(BINARY, new ImageSpec(1, 2, 3, 2), new ImageSpec(2, 2, 1, 3));
    for (ImageSpec image : images.subList(0, SlowChecks.times(2, 3))) {
      Examples all = Examples.of(EveryImage.of(image));
      for (Definition definition :
          List.of(
              tiny(image, orders(image)),
              PixelCnn.builder(image).blocks(1).maps(4).orders(orders(image)).build())) {
        Weights weights = RandomWeights.of(definition, 11);
        try (Scorer scorer =
            new Scorer(
                definition, orders(image), () -> weights, TensorFlowEngine.on(Device.cpu()))) {
          EnsembleScores scores = scorer.scoreAll(all);
          for (int o = 0; o < scores.orders().size(); o++) {
            String what = definition + " under " + scores.orders().get(o);
            assertEquals(1, sum(scores.under(o).logLikelihoods()), 1e-4, what);
          }
          assertEquals(1, sum(scores.logLikelihoods()), 1e-4, definition.toString());
          assertFalse(
              Arrays.equals(scores.under(0).logLikelihoods(), scores.under(1).logLikelihoods()),
              "orders differ");
        }
      }
    }
  }

  private static double sum(double[] logLikelihoods) {
    return Arrays.stream(logLikelihoods).map(Math::exp).sum();
  }

  /** One graph for all orders gives what a graph for each gives; raster is the cheap form there. */
  @Test
  void oneProgramScoresWhatEachOrdersOwnDoes() {
    ImageSpec image = new ImageSpec(5, 4, 1, 3);
    Definition definition = tiny(image, orders(image));
    Weights weights = RandomWeights.of(definition, 2);
    Examples examples = Examples.of(random(image, 4));
    try (Scorer all =
        new Scorer(definition, orders(image), () -> weights, TensorFlowEngine.on(Device.cpu()))) {
      EnsembleScores together = all.scoreAll(examples);
      for (int o = 0; o < 12; o += 3) {
        Definition alone = definition.under(orders(image).get(o));
        try (Scorer own = new Scorer(alone, () -> weights, TensorFlowEngine.on(Device.cpu()))) {
          assertArrayEquals(
              own.score(examples).logLikelihoods(), together.under(o).logLikelihoods(), 1e-3);
        }
      }
    }
  }

  private static ImageSet random(ImageSpec image, int count) {
    return ImageSet.of(
        image,
        new java.util.SplittableRandom(9)
            .ints((long) count * image.values(), 0, image.levels())
            .toArray());
  }

  @Test
  void incrementalLogitsAreThoseOfAFullPassUnderEveryOrder() {
    for (ImageSpec image :
        List.of(new ImageSpec(6, 6, 1, 2), new ImageSpec(4, 7, 1, 5), new ImageSpec(4, 4, 3, 3))) {
      Definition definition = tiny(image, orders(image));
      for (String name :
          List.of("raster", "raster+rotate180", "s-curve", "hilbert+transpose", "random:8")) {
        GenerationOrder order = GenerationOrder.named(name, image.height(), image.width());
        IncrementalComparison.check(definition.under(order), 3);
      }
    }
  }

  /** A tap that an order never uses costs nothing. */
  @Test
  void samplingUnderRasterDoesNoMoreThanForRasterAlone() {
    ImageSpec image = new ImageSpec(8, 8, 1, 2);
    long alone =
        StepProgram.of(LocallyMaskedPixelCnn.builder(image).blocks(1).maps(6).build()).flops();
    assertEquals(alone, StepProgram.of(tiny(image, orders(image))).flops());
  }

  @Test
  void oneSetOfWeightsServesEveryOrder() {
    ImageSpec image = new ImageSpec(6, 6, 1, 2);
    Definition definition = tiny(image, GenerationOrder.eight(GenerationOrder.sCurve(6, 6)));
    assertTrue(definition.servesEveryOrder());
    Weights weights = Weights.initial(definition, 1);
    GenerationOrder derived = GenerationOrder.random(6, 6, 77);
    Definition other = definition.under(derived);
    weights.check(other);
    assertEquals(derived, other.order());
    assertEquals(definition.orders(), other.orders());
    assertEquals(definition, other.under(definition.order()));
    assertNotEquals(definition, other);
    Definition raster = LocallyMaskedPixelCnn.of(image, 1, 6);
    assertFalse(raster.servesEveryOrder());
    assertTrue(raster.parameterCount() < definition.parameterCount());
  }

  @Test
  void theProofKnowsTheOrder() {
    ImageSpec image = new ImageSpec(9, 9, 1, 2);
    for (GenerationOrder order : orders(image)) {
      Definition definition = tiny(image, List.of(order));
      for (int position : new int[] {0, 40, 44, 80}) {
        BlindSpot spot = BlindSpot.of(definition.proof(), position / 9, position % 9, 0);
        for (int p = 0; p < 81; p++) {
          if (order.rank(p) >= order.rank(position)) {
            assertFalse(spot.field().contains(p / 9, p % 9, 0), order + ": sees a later pixel");
          }
        }
        spot.values()
            .forEach(v -> assertTrue(order.rank(v.row() * 9 + v.column()) < order.rank(position)));
        if (order.rank(position) == 0) {
          assertEquals(0, spot.field().pixels(), order + " begins there");
        }
      }
    }
    // The middle of a square sees as much under every symmetry.
    Definition both = tiny(image, GenerationOrder.eight(GenerationOrder.sCurve(9, 9)));
    int seen = DefinitionReport.of(both.proof()).blindSpots().get(0).field().pixels();
    for (GenerationOrder order : both.orders()) {
      var report = DefinitionReport.of(both.under(order).proof());
      assertEquals(seen, report.blindSpots().get(0).field().pixels(), order.toString());
    }
  }

  @Test
  void imagesDoNotDependOnTheBatch() {
    ImageSpec image = new ImageSpec(6, 5, 1, 3);
    Definition definition = tiny(image, List.of(GenerationOrder.hilbert(6, 5)));
    try (Model model = Model.initial(definition, 3)) {
      for (GenerationOrder order : List.of(definition.order(), GenerationOrder.random(6, 5, 1))) {
        var sampler = model.sampler(5).order(order).count(7);
        List<SampledImage> together = sampler.batch(7).images().toList();
        List<SampledImage> apart = sampler.batch(2).images().toList();
        for (int i = 0; i < 7; i++) {
          assertArrayEquals(together.get(i).levels(), apart.get(i).levels());
        }
        List<Integer> places = new ArrayList<>();
        sampler
            .count(1)
            .pixels()
            .toList()
            .forEach(pixel -> places.add(pixel.row() * 5 + pixel.column()));
        assertEquals(Arrays.stream(order.positions()).boxed().toList(), places);
      }
    }
  }

  private static final ImageSet DIGITS =
      EmbeddedDigits.count(96).size(8).levels(2).seed(5).grey().unlabelled();
  private static final Examples TRAIN = Examples.of(DIGITS.take(64));
  private static final Examples TEST = Examples.of(DIGITS.slice(64, 96));

  private static Definition learner() {
    return LocallyMaskedPixelCnn.builder(DIGITS.spec())
        .blocks(1)
        .maps(8)
        .orders(GenerationOrder.eight(GenerationOrder.sCurve(8, 8)))
        .build();
  }

  /** A plain PixelCNN follows any orders as well. */
  private static Definition small() {
    return PixelCnn.builder(DIGITS.spec())
        .blocks(1)
        .maps(4)
        .orders(GenerationOrder.eight(GenerationOrder.sCurve(8, 8)))
        .build();
  }

  @Test
  void learnsAllOrdersAtOnce() {
    Definition definition = learner();
    try (Model model = Model.initial(definition, 1)) {
      model.train(
          TRAIN,
          TrainingOptions.seed(2)
              .epochs(SlowChecks.times(30, 40))
              .batch(16)
              .optimiser(Adam.withRate(5e-3))
              .build());
      EnsembleScores scores = model.scoreEnsemble(TEST);
      double marginal = Baselines.of(TRAIN.images(), TEST.images()).marginal();
      double mean = 0;
      for (int o = 0; o < 8; o++) {
        Scores one = scores.under(o);
        assertTrue(one.bitsPerDimension() < marginal, scores.orders().get(o) + ": " + one);
        mean += one.meanNats() / 8;
        assertArrayEquals(
            one.logLikelihoods(),
            model.score(TEST, scores.orders().get(o)).logLikelihoods(),
            1e-3,
            "order " + o);
      }
      assertTrue(scores.meanNats() <= mean, scores.meanNats() + " against " + mean);
      assertEquals(scores.meanNats() / Math.log(2) / 64, scores.bitsPerDimension(), 1e-9);
      GenerationOrder other = GenerationOrder.hilbert(8, 8);
      assertTrue(model.score(TEST, other).bitsPerDimension() < 1, "an order that was not trained");
    }
  }

  /** The ensemble's likelihood of an image is the mean of the joint ones, not of the logs. */
  @Test
  void theEnsembleIsAMixture() {
    Definition definition = learner();
    try (Model model = Model.initial(definition, 4)) {
      EnsembleScores scores = model.scoreEnsemble(TEST);
      for (int i = 0; i < scores.size(); i++) {
        double sum = 0;
        for (int o = 0; o < 8; o++) {
          sum += Math.exp(scores.under(o).logLikelihood(i) - scores.under(0).logLikelihood(i)) / 8;
        }
        assertEquals(
            scores.under(0).logLikelihood(i) + Math.log(sum), scores.logLikelihood(i), 1e-6);
      }
      EnsembleScores one = model.scoreEnsemble(TEST, List.of(GenerationOrder.hilbert(8, 8)));
      assertArrayEquals(one.under(0).logLikelihoods(), one.logLikelihoods(), 1e-9);
      assertThrows(IllegalArgumentException.class, () -> model.scoreEnsemble(TEST, List.of()));
    }
  }

  @Test
  void trainingGoesOnBitForBit(@TempDir Path folder) throws Exception {
    try (Model whole = Model.initial(small(), 1);
        Model parts = Model.initial(small(), 1)) {
      whole.train(TRAIN, TrainingOptions.seed(3).steps(7).polyak(0.9).build());
      parts.train(TRAIN, TrainingOptions.seed(3).steps(3).polyak(0.9).build());
      parts.save(folder.resolve("model"));
      try (Model again = Model.load(folder.resolve("model"))) {
        assertEquals(small(), again.definition());
        again.resume(TRAIN, TrainingOptions.seed(3).steps(7).polyak(0.9).build());
        for (String name : whole.weights().names()) {
          assertArrayEquals(whole.weights().values(name), again.weights().values(name), name);
        }
      }
    }
  }

  @Test
  void definitionsWithOrdersAreWrittenAndRead() {
    DefinitionJson json = DefinitionJson.standard();
    for (List<GenerationOrder> orders :
        List.of(
            List.of(GenerationOrder.hilbert(3, 3).transpose()),
            GenerationOrder.eight(GenerationOrder.random(3, 3, -5)),
            List.of(
                GenerationOrder.of(3, 3, 8, 1, 2, 3, 4, 5, 6, 7, 0),
                GenerationOrder.raster(3, 3)))) {
      Definition definition = tiny(BINARY, orders);
      assertEquals(definition, json.read(json.write(definition)));
      Definition under = definition.under(GenerationOrder.sCurve(3, 3));
      assertEquals(under, json.read(json.write(under)));
    }
    String written = json.write(tiny(BINARY, List.of(GenerationOrder.hilbert(3, 3))));
    for (String wrong : List.of("\"snake\"", "[0, 1, 2]", "[0, 1, 2, 3, 4, 5, 6, 7, 7]", "3")) {
      String text = written.replace("\"hilbert\"", wrong);
      var e = assertThrows(IllegalArgumentException.class, () -> json.read(text));
      assertTrue(e.getMessage().contains("/order"), e.getMessage());
    }
  }

  @Test
  void whatGoesAlongRowsIsRefusedInWords() {
    List<GenerationOrder> orders = GenerationOrder.eight(GenerationOrder.sCurve(3, 3));
    var gated =
        assertThrows(
            DefinitionException.class,
            () -> GatedPixelCnn.builder(BINARY).maps(4).orders(orders).build());
    assertTrue(gated.getMessage().contains("Use convolutions of full support"), gated.getMessage());
    Definition raster = GatedPixelCnn.of(BINARY, 1, 4, 3);
    assertThrows(DefinitionException.class, () -> raster.under(GenerationOrder.sCurve(3, 3)));
    var size =
        assertThrows(DefinitionException.class, () -> raster.under(GenerationOrder.raster(3, 4)));
    assertTrue(size.getMessage().contains("not for images of 3 x 3"), size.getMessage());
    // A shift is causal in raster order; the others are tried as well.
    ModelBuilder model = ModelBuilder.of("shifted", BINARY, orders);
    Feature above = model.image().shiftDown(1).causalConv(4, 3, MaskType.B).conv1x1(2);
    var shifted = assertThrows(DefinitionException.class, () -> model.softmax(above));
    assertTrue(shifted.getMessage().startsWith("under the order "), shifted.getMessage());
    assertThrows(
        IllegalArgumentException.class, () -> LocallyMaskedPixelCnn.builder(BINARY).dropout(1));
    assertThrows(
        IllegalArgumentException.class,
        () -> LocallyMaskedPixelCnn.builder(BINARY).orders(List.of()));
  }

  @Test
  void theDefaultsAreThePapers() {
    Definition paper = LocallyMaskedPixelCnn.builder(new ImageSpec(8, 8, 1, 2)).build();
    assertEquals(Distribution.bernoulli(), paper.distribution());
    assertTrue(DefinitionReport.of(paper.proof()).deadBranches().isEmpty());
    assertEquals(32, LocallyMaskedPixelCnn.training(1).build().batch());
    Definition colour =
        LocallyMaskedPixelCnn.builder(new ImageSpec(4, 4, 3, 8))
            .blocks(1)
            .maps(6)
            .dropout(0.5)
            .classCondition("class", 4)
            .order(GenerationOrder.hilbert(4, 4))
            .build();
    assertEquals(Distribution.softmax(), colour.distribution());
    var e =
        assertThrows(
            DefinitionException.class,
            () -> LocallyMaskedPixelCnn.builder(new ImageSpec(4, 4, 3, 8)).maps(8).build());
    assertTrue(e.getMessage().contains("a multiple of 3 maps"), e.getMessage());
    assertTrue(e.getMessage().contains("the next is 9"), e.getMessage());
    assertEquals(Optional.of(Advice.CHANGE_MAPS), e.advice());
  }
}
