package io.weft.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.complete.KnownPixels;
import io.weft.complete.PixelMask;
import io.weft.data.Examples;
import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.engine.Device;
import io.weft.layer.CausalConvolution;
import io.weft.layer.Feature;
import io.weft.layer.MaskType;
import io.weft.model.LocallyMaskedPixelCnn;
import io.weft.order.GenerationOrder;
import io.weft.pyramid.MultiScale;
import io.weft.pyramid.MultiScaleModel;
import io.weft.pyramid.Scale;
import io.weft.sample.SampledImage;
import io.weft.sample.SamplingExecutor;
import io.weft.score.EnsembleScores;
import io.weft.spec.Condition;
import io.weft.spec.DefinitionException;
import io.weft.spec.ImageSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Other orders, known pixels and pyramids on a fleet: the bits are those of one process. */
class FleetOrdersTest {

  private static final Examples EXAMPLES = Examples.of(SmallModels.images(40));

  private static final Definition EIGHT =
      LocallyMaskedPixelCnn.builder(SmallModels.IMAGE)
          .blocks(1)
          .maps(6)
          .orders(GenerationOrder.eight(GenerationOrder.sCurve(8, 8)))
          .build();

  private static JavaSparkContext spark;

  @BeforeAll
  static void start() {
    spark = LocalSpark.start("orders");
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  @Test
  void anotherOrderDrawsAndScoresAlike() {
    GenerationOrder other = EIGHT.orders().get(5);
    try (Model model = Model.initial(EIGHT, 1, Device.jvm());
        Fleet fleet = Fleet.on(spark)) {
      assertArrayEquals(
          model.score(EXAMPLES, other).values(), fleet.score(model, EXAMPLES, other).values());
      assertEquals(
          model
              .sampler(7)
              .executor(SamplingExecutor.jvm())
              .count(20)
              .order(other)
              .images()
              .toList(),
          fleet.sample(model, 7).count(20).batch(6).order(other).images().toList());
    }
  }

  /** One that the model declares, and one that it does not. */
  @Test
  void ordersTogetherScoreAlike() {
    List<GenerationOrder> orders = List.of(EIGHT.orders().get(5), GenerationOrder.raster(8, 8));
    for (Device device : List.of(Device.jvm(), Device.cpu())) {
      try (Model model = Model.initial(EIGHT, 1, device);
          Fleet fleet = Fleet.on(spark)) {
        EnsembleScores alone = model.scoreEnsemble(EXAMPLES, orders);
        List<Long> heard = new ArrayList<>();
        EnsembleScores found =
            fleet.scoreEnsemble(model, EXAMPLES, orders, (done, total) -> heard.add(done));
        assertArrayEquals(alone.logLikelihoods(), found.logLikelihoods());
        for (int i = 0; i < orders.size(); i++) {
          assertArrayEquals(alone.under(i).values(), found.under(i).values());
          assertArrayEquals(
              model.score(EXAMPLES, orders.get(i)).values(),
              fleet.score(model, EXAMPLES, orders.get(i)).values());
        }
        assertEquals(heard.stream().sorted().toList(), heard);
        assertEquals(2L * EXAMPLES.size(), heard.get(heard.size() - 1));
        assertEquals(orders, found.orders());
        assertThrows(
            IllegalArgumentException.class,
            () -> fleet.scoreEnsemble(model, EXAMPLES, List.of(), FleetListener.none()));
      }
    }
    try (Model model = Model.initial(SmallModels.unconditioned(), 1, Device.jvm());
        Fleet fleet = Fleet.on(spark)) {
      GenerationOrder large = GenerationOrder.raster(9, 8);
      assertThrows(DefinitionException.class, () -> fleet.score(model, EXAMPLES, large));
    }
  }

  /** What is known of each image: another hole for each three. */
  private static KnownPixels torn(long image) {
    PixelMask hole = PixelMask.hole(SmallModels.IMAGE, (int) (image / 3 % 4), 2, 4, 3);
    return KnownPixels.of(SmallModels.images(20), (int) (image % 20), hole);
  }

  @Test
  void imagesAreCompletedAlike() {
    for (Definition definition : List.of(EIGHT, SmallModels.unconditioned())) {
      try (Model model = Model.initial(definition, 1, Device.jvm());
          Fleet fleet = Fleet.on(spark)) {
        List<SampledImage> alone =
            model
                .sampler(7)
                .executor(SamplingExecutor.jvm())
                .firstImage(2)
                .count(20)
                .complete(FleetOrdersTest::torn)
                .images()
                .toList();
        FleetSampler sampler = fleet.sample(model, 7).firstImage(2).count(20).batch(5);
        assertEquals(alone, sampler.complete(FleetOrdersTest::torn).images().toList());
        KnownPixels one = torn(0);
        assertEquals(
            model.sampler(7).executor(SamplingExecutor.jvm()).complete(one).images().toList(),
            fleet.sample(model, 7).complete(one).images().toList());
      }
    }
  }

  @Test
  void partsOfOtherKnownPixelsAreAnotherSeries(@TempDir Path folder) throws IOException {
    try (Model model = Model.initial(SmallModels.unconditioned(), 1, Device.jvm());
        Fleet fleet = Fleet.on(spark)) {
      String parts = folder.resolve("drawn").toUri().toString();
      FleetSampler sampler = fleet.sample(model, 7).count(6).imagesPerPart(3);
      sampler.complete(FleetOrdersTest::torn).saveTo(parts);
      SavedParts again = sampler.count(9).complete(FleetOrdersTest::torn).saveTo(parts);
      assertEquals(List.of(1, 2), List.of(again.drawn(), again.found()));
      for (FleetSampler other :
          List.of(sampler, sampler.complete(image -> torn(image + 1)), sampler.complete(torn(0)))) {
        String message =
            assertThrows(IllegalArgumentException.class, () -> other.saveTo(parts)).getMessage();
        assertTrue(message.contains("parts of another series: its known pixels"), message);
      }
    }
  }

  @Test
  void knownPixelsThatDoNotFitAreRefusedBeforeAnythingTravels() {
    ImageSpec larger = new ImageSpec(9, 8, 1, 4);
    KnownPixels wrong =
        KnownPixels.of(larger, new int[larger.values()], PixelMask.hole(larger, 1, 1, 2, 2));
    try (Model model = Model.initial(SmallModels.unconditioned(), 1, Device.jvm());
        Fleet fleet = Fleet.on(spark)) {
      FleetSampler sampler = fleet.sample(model, 7);
      assertThrows(IllegalArgumentException.class, () -> sampler.complete(wrong));
      FleetSampler late = sampler.count(9).complete(i -> i == 8 ? wrong : torn(i));
      String message = assertThrows(IllegalArgumentException.class, late::images).getMessage();
      assertTrue(message.startsWith("image 8: "), message);
      Object holding = new Holding();
      message =
          assertThrows(
                  IllegalArgumentException.class,
                  () -> sampler.complete(image -> torn(holding.hashCode())))
              .getMessage();
      assertTrue(message.startsWith("the function of known pixels "), message);
    }
  }

  private static MultiScale pyramid() {
    Scale scale = Scale.subsample(2);
    ModelBuilder small = ModelBuilder.of("small", scale.small(SmallModels.IMAGE));
    ModelBuilder large = ModelBuilder.of("large", SmallModels.IMAGE);
    Feature given = large.condition(new Condition.Spatial("small", 4, 4, 1));
    Feature grown = given.conv(4, 3).upConv(4, 2, large.image());
    return new MultiScale(
        small.softmax(first(small).conv1x1(4)),
        large.softmax(first(large).conditionedOn(grown).conv1x1(4)),
        "small",
        scale);
  }

  private static Feature first(ModelBuilder model) {
    return model.image().apply(CausalConvolution.square(4, 3, MaskType.A)).relu();
  }

  @Test
  void aPyramidScoresAlike() {
    for (Device device : List.of(Device.jvm(), Device.cpu())) {
      try (MultiScaleModel model = MultiScaleModel.initial(pyramid(), 3, device);
          Fleet fleet = Fleet.on(spark, 3)) {
        assertArrayEquals(model.score(EXAMPLES).values(), fleet.score(model, EXAMPLES).values());
        assertArrayEquals(
            model.scoreBound(EXAMPLES).values(),
            fleet.scoreBound(model, EXAMPLES, FleetListener.none()).values());
        GenerationOrder ofSmall = GenerationOrder.raster(4, 4).rotate180();
        GenerationOrder ofLarge = GenerationOrder.raster(8, 8).transpose();
        assertArrayEquals(
            model.score(EXAMPLES, ofSmall, ofLarge).values(),
            fleet.score(model, EXAMPLES, ofSmall, ofLarge, FleetListener.none()).values());
      }
    }
  }
}
