package io.weft.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.advice.Advice;
import io.weft.complete.Half;
import io.weft.complete.KnownPixels;
import io.weft.complete.PixelMask;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.engine.Device;
import io.weft.internal.step.StepProgram;
import io.weft.internal.tensorflow.TensorFlowEngine;
import io.weft.json.DefinitionJson;
import io.weft.layer.CausalConvolution;
import io.weft.layer.Feature;
import io.weft.layer.FromRaster;
import io.weft.layer.MaskType;
import io.weft.layer.ToRaster;
import io.weft.order.GenerationOrder;
import io.weft.prove.BlindSpot;
import io.weft.score.EnsembleScores;
import io.weft.score.Scorer;
import io.weft.spec.Condition;
import io.weft.spec.DefinitionException;
import io.weft.spec.ImageSpec;
import io.weft.testing.EveryImage;
import io.weft.testing.IncrementalComparison;
import io.weft.testing.RandomWeights;
import io.weft.weight.Weights;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Stacks that go along rows, in models for the mirrored and transposed raster orders. */
class TurnedOrdersTest {

  private static final ImageSpec BINARY = new ImageSpec(3, 3, 1, 2);

  private static List<GenerationOrder> eight(ImageSpec image) {
    return GenerationOrder.eight(GenerationOrder.raster(image.height(), image.width()));
  }

  private static GatedPixelCnn.Builder tiny(ImageSpec image, List<GenerationOrder> orders) {
    return GatedPixelCnn.builder(image).blocks(1).maps(4).orders(orders);
  }

  /** The families that go along rows and can be turned. */
  private enum Family {
    GATED {
      @Override
      GatedPixelCnn.Builder tiny(ImageSpec image, List<GenerationOrder> orders) {
        return TurnedOrdersTest.tiny(image, orders);
      }
    },
    PIXEL_SNAIL {
      @Override
      PixelSnail.Builder tiny(ImageSpec image, List<GenerationOrder> orders) {
        return PixelSnail.builder(image).blocks(1).maps(4).orders(orders);
      }
    };

    abstract ModelFamily<?> tiny(ImageSpec image, List<GenerationOrder> orders);
  }

  @ParameterizedTest
  @EnumSource
  void isADistributionUnderEveryOrder(Family family) {
    List<GenerationOrder> orders = eight(BINARY);
    Definition definition = family.tiny(BINARY, orders).build();
    Weights weights = RandomWeights.of(definition, 5);
    Examples all = Examples.of(EveryImage.of(BINARY));
    try (Scorer scorer =
        new Scorer(definition, orders, () -> weights, TensorFlowEngine.on(Device.cpu()))) {
      EnsembleScores scores = scorer.scoreAll(all);
      for (int o = 0; o < 8; o++) {
        double[] mine = scores.under(o).logLikelihoods();
        assertEquals(1, Arrays.stream(mine).map(Math::exp).sum(), 1e-4, "" + orders.get(o));
        Definition alone = definition.under(orders.get(o));
        try (Scorer own = new Scorer(alone, () -> weights, TensorFlowEngine.on(Device.cpu()))) {
          assertArrayEquals(own.score(all).logLikelihoods(), mine, 1e-4, "" + orders.get(o));
        }
        if (o > 0) {
          assertFalse(Arrays.equals(scores.under(0).logLikelihoods(), mine), "orders differ");
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void seesAllThatIsEarlierUnderEveryOrder(Family family) {
    ImageSpec image = new ImageSpec(6, 6, 1, 2);
    Definition definition = family.tiny(image, eight(image)).blocks(3).build();
    for (GenerationOrder order : definition.orders()) {
      assertTrue(BlindSpot.of(definition.under(order).proof(), 3, 2, 0).isEmpty(), "" + order);
    }
  }

  @ParameterizedTest
  @EnumSource
  void incrementalLogitsAreThoseOfAFullPass(Family family) {
    for (ImageSpec image : List.of(new ImageSpec(5, 5, 1, 3), new ImageSpec(4, 4, 3, 2))) {
      Definition definition = family.tiny(image, eight(image)).maps(6).build();
      for (GenerationOrder order : definition.orders()) {
        IncrementalComparison.check(definition.under(order), 3);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void conditionsThatAreMapsAreTurnedToo(Family family) {
    ImageSpec image = new ImageSpec(4, 4, 1, 3);
    Definition definition =
        family
            .tiny(image, eight(image))
            .conditionedOn(new Condition.Spatial("map", 4, 4, 2))
            .classCondition("class", 3)
            .build();
    for (GenerationOrder order : definition.orders().subList(2, 5)) {
      IncrementalComparison.check(definition.under(order), 7);
    }
  }

  /** The vertical stack is computed a row at a time, whichever way the rows lie. */
  @Test
  void samplingIsAsMuchWorkUnderEachOrder() {
    ImageSpec image = new ImageSpec(8, 8, 1, 2);
    Definition definition = tiny(image, eight(image)).build();
    StepProgram raster = StepProgram.of(definition);
    for (GenerationOrder order : definition.orders().subList(1, 8)) {
      StepProgram other = StepProgram.of(definition.under(order));
      assertEquals(raster.flops(), other.flops(), "" + order);
      // Under raster order nothing is turned; otherwise the image is, pixel by pixel.
      assertEquals(raster.calls().count() + image.pixels(), other.calls().count(), "" + order);
    }
  }

  /** Each half that is known is seen under one of the orders; a ring is by most under none. */
  @Test
  void completionTakesTheOrderThatSeesMost() {
    ImageSpec image = new ImageSpec(4, 4, 1, 2);
    Definition definition = tiny(image, eight(image)).build();
    assertFalse(definition.servesEveryOrder());
    Weights weights = RandomWeights.of(definition, 5);
    Examples examples = Examples.of(ImageSet.of(image, new int[16]));
    try (Model model = Model.of(definition, weights)) {
      for (Half half : Half.values()) {
        PixelMask mask = PixelMask.withoutHalf(image, half);
        GenerationOrder order = definition.completionOrder(mask);
        assertTrue(definition.orders().contains(order));
        assertTrue(mask.isKnownFirst(order), half + " in " + order);
        assertEquals(1, model.conditionalLogLikelihoods(examples, i -> mask).length);
        var known = KnownPixels.of(examples.images(), 0, mask);
        assertEquals(1, model.sampler(1).complete(known).images().toList().size());
      }
      PixelMask hole = PixelMask.hole(image, 1, 1, 2, 2);
      var torn =
          KnownPixels.of(
              ImageSet.of(image, IntStream.range(0, 16).map(p -> p % 2).toArray()), 0, hole);
      var own = model.sampler(1).complete(torn);
      for (var sampler : List.of(own, own.order(GenerationOrder.raster(4, 4).transpose()))) {
        var completed = sampler.images().toList().get(0);
        for (int p = 0; p < 16; p++) {
          if (hole.isKnown(p)) {
            assertEquals(p % 2, completed.levels()[p], "kept at " + p);
          }
        }
      }
      assertEquals(
          GenerationOrder.raster(4, 4),
          definition.completionOrder(PixelMask.withoutHalf(image, Half.BOTTOM)));
    }
  }

  @Test
  void rasterOrderAloneIsAsItWas() {
    ImageSpec image = new ImageSpec(5, 7, 1, 2);
    Definition one = GatedPixelCnn.builder(image).blocks(1).maps(4).build();
    assertEquals(one, tiny(image, List.of(GenerationOrder.raster(5, 7))).build());
    assertEquals(one, DefinitionJson.standard().read(DefinitionJson.standard().write(one)));
    Definition mirrored = tiny(image, List.of(GenerationOrder.raster(5, 7).flipColumns())).build();
    assertEquals(
        mirrored, DefinitionJson.standard().read(DefinitionJson.standard().write(mirrored)));
    IncrementalComparison.check(mirrored, 1);
  }

  /** One mirrored order has the parameters of raster order; several tell where a pixel lies. */
  @Test
  void pixelSnailTellsSeveralOrdersApart() {
    ImageSpec image = new ImageSpec(5, 7, 1, 2);
    GenerationOrder raster = GenerationOrder.raster(5, 7);
    Definition alone = PixelSnail.builder(image).blocks(1).maps(4).build();
    assertEquals(alone, Family.PIXEL_SNAIL.tiny(image, List.of(raster)).build());
    Definition mirrored = Family.PIXEL_SNAIL.tiny(image, List.of(raster.flipColumns())).build();
    assertEquals(alone.parameterCount(), mirrored.parameterCount());
    assertEquals(
        mirrored, DefinitionJson.standard().read(DefinitionJson.standard().write(mirrored)));
    IncrementalComparison.check(mirrored, 1);
    Definition both = Family.PIXEL_SNAIL.tiny(image, List.of(raster, raster.flipColumns())).build();
    assertTrue(both.parameterCount() > alone.parameterCount());
  }

  @ParameterizedTest
  @EnumSource
  void ordersThatAreNoTurnsAreRefused(Family family) {
    ImageSpec wide = new ImageSpec(4, 6, 1, 2);
    for (GenerationOrder order :
        List.of(
            GenerationOrder.sCurve(4, 6),
            GenerationOrder.hilbert(4, 6),
            GenerationOrder.raster(4, 6).transpose())) {
      var refusal =
          assertThrows(DefinitionException.class, () -> family.tiny(wide, List.of(order)).build());
      assertTrue(refusal.problem().contains("only raster order, mirrored"), refusal.problem());
      assertTrue(refusal.problem().contains(order.toString()), refusal.problem());
      assertEquals(Advice.FOLLOW_THE_ORDER, refusal.advice().orElseThrow());
    }
    assertTrue(GenerationOrder.raster(4, 6).rotate180().isTurnedRaster());
    assertFalse(GenerationOrder.raster(4, 6).transpose().isTurnedRaster());
    assertTrue(GenerationOrder.raster(6, 6).transpose().flipRows().isTurnedRaster());
    assertFalse(GenerationOrder.sCurve(6, 6).isTurnedRaster());
    assertTrue(GenerationOrder.raster(1, 5).isTurnedRaster());
    assertTrue(GenerationOrder.raster(5, 1).isTurnedRaster());
  }

  @Test
  void whatLiesTurnedDoesNotMeetWhatDoesNot() {
    ModelBuilder model = ModelBuilder.of("mixed", BINARY, eight(BINARY));
    Feature seen = model.image().apply(CausalConvolution.square(4, 3, MaskType.A));
    Feature turned = seen.apply(new ToRaster());
    var refusal = assertThrows(DefinitionException.class, () -> turned.plus(seen));
    assertTrue(refusal.getMessage().contains("lies as the image does"), refusal.getMessage());
    turned.apply(new FromRaster()).plus(seen);
  }
}
