package io.weft.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.advice.Advice;
import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.distribution.Distribution;
import io.weft.layer.CausalConvolution;
import io.weft.layer.Feature;
import io.weft.layer.MaskType;
import io.weft.order.GenerationOrder;
import io.weft.spec.Condition;
import io.weft.spec.DefinitionException;
import io.weft.spec.ImageSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelFamilyTest {

  private static final ImageSpec IMAGE = new ImageSpec(9, 8, 1, 4);
  private static final ImageSpec BINARY = new ImageSpec(9, 8, 1, 2);
  private static final ImageSpec COLOUR = new ImageSpec(6, 6, 3, 4);

  @Test
  void everyFamilyTakesEveryConditionAndBothDistributions() {
    for (ModelFamily<?> family :
        List.of(
            PixelCnn.builder(BINARY),
            PixelCnn.textbookBuilder(BINARY),
            GatedPixelCnn.builder(BINARY))) {
      Definition model =
          family
              .name("all")
              .blocks(2)
              .maps(4)
              .distribution(Distribution.bernoulli())
              .classCondition("class", 10)
              .vectorCondition("style", 3)
              .spatialCondition("map", 2)
              .build();
      assertEquals("all", model.name());
      assertEquals(Distribution.bernoulli(), model.distribution());
      assertEquals(
          List.of(
              new Condition.OneOf("class", 10),
              new Condition.Vector("style", 3),
              new Condition.Spatial("map", 9, 8, 2)),
          model.conditions());
    }
  }

  @Test
  void theFactoredVerticalStackIsCausalWithFewerWeights() {
    for (ImageSpec image : List.of(IMAGE, COLOUR)) {
      var family = GatedPixelCnn.builder(image).blocks(2).maps(6).kernel(5);
      Definition square = family.vertical(VerticalForm.SQUARE).build();
      Definition factored = family.vertical(VerticalForm.FACTORED).build();
      assertTrue(factored.parameterCount() < square.parameterCount());
    }
  }

  @Test
  void familiesForRasterOrderSaySoAndNotThatALayerLeaks() {
    ImageSpec image = new ImageSpec(8, 8, 1, 4);
    GenerationOrder hilbert = GenerationOrder.hilbert(8, 8);
    for (ModelFamily<?> family :
        List.of(
            PixelCnnPlusPlus.builder(image).components(2), PixelRnn.diagonalBiLstmBuilder(image))) {
      family.blocks(1).maps(4);
      family.build();
      family.order(hilbert);
      var refusal = assertThrows(DefinitionException.class, family::build);
      assertTrue(refusal.problem().contains("cannot follow hilbert of 8x8"), refusal.getMessage());
      assertEquals(Advice.FOLLOW_THE_ORDER, refusal.advice().orElseThrow());
    }
  }

  @Test
  void kernelsAreWhatIsAsked() {
    var model = PixelCnn.builder(IMAGE).blocks(1).maps(4).firstKernel(5).kernel(3).build();
    var kernels =
        model.graph().parameters().values().stream()
            .filter(p -> p.dimensions().size() == 3)
            .map(p -> p.dimensions().get(0))
            .toList();
    assertEquals(List.of(12, 5), kernels, "taps of 5 x 5 type A and of 3 x 3 type B");
  }

  @Test
  void refusesWhatDoesNotFit() {
    var family = GatedPixelCnn.builder(IMAGE);
    assertMessage(() -> family.blocks(0), "blocks: at least 1, found 0");
    assertMessage(() -> family.maps(-1), "maps: at least 1, found -1");
    var even = GatedPixelCnn.builder(IMAGE).kernel(4);
    assertMessage(even::build, "odd height and width");
    var manyLevels = GatedPixelCnn.builder(IMAGE).distribution(Distribution.bernoulli());
    assertMessage(manyLevels::build, "2 levels");
    var twice = GatedPixelCnn.builder(IMAGE).classCondition("c", 2).vectorCondition("c", 2);
    assertThrows(DefinitionException.class, twice::build);
  }

  /** A size that would change nothing, or something else, is not taken in silence. */
  @Test
  void kernelsThatAFamilyHasNotAreRefused() {
    assertMessage(() -> ImageGpt.builder(IMAGE).kernel(3), "image-gpt have none (size 1), found 3");
    assertMessage(() -> ImageGpt.builder(IMAGE).firstKernel(7), "(size 1), found 7; leave it out");
    assertMessage(() -> PixelSnail.builder(IMAGE).firstKernel(7), "(size 3), found 7; leave it");
    var even = PixelSnail.builder(IMAGE).blocks(1).maps(4).kernel(4);
    assertMessage(even::build, "odd kernel");
    assertMessage(even::build, "found 4, take 3 or 5");
    assertEquals(
        ImageGpt.builder(IMAGE).blocks(1).maps(4).build(),
        ImageGpt.builder(IMAGE).blocks(1).maps(4).kernel(1).firstKernel(1).build());
    assertEquals(
        PixelSnail.builder(IMAGE).blocks(1).maps(4).build(),
        PixelSnail.builder(IMAGE).blocks(1).maps(4).firstKernel(3).kernel(3).build());
  }

  @Test
  void shortFormsOnFeaturesAreTheLayers() {
    assertEquals(
        model(x -> x.causalConv(4, 3, MaskType.A)),
        model(x -> x.apply(CausalConvolution.square(4, 3, MaskType.A))));
    assertEquals(
        model(x -> x.verticalConv(4, 3, MaskType.A)),
        model(x -> x.apply(CausalConvolution.vertical(4, 3, 3, MaskType.A))));
    assertEquals(
        model(x -> x.horizontalConv(4, 3, MaskType.A)),
        model(x -> x.apply(CausalConvolution.horizontal(4, 3, MaskType.A))));
    assertEquals(
        model(x -> x.factoredVerticalConv(4, 3).shiftDown(1)),
        model(
            x ->
                x.apply(CausalConvolution.vertical(4, 1, 3, MaskType.B))
                    .apply(CausalConvolution.vertical(4, 3, 1, MaskType.B))
                    .shiftDown(1)));
  }

  private static Definition model(java.util.function.UnaryOperator<Feature> layers) {
    ModelBuilder model = ModelBuilder.of("m", IMAGE);
    return model.softmax(layers.apply(model.image()));
  }

  private static void assertMessage(
      org.junit.jupiter.api.function.Executable call, String expected) {
    var error = assertThrows(IllegalArgumentException.class, call);
    assertTrue(error.getMessage().contains(expected), error.getMessage());
  }
}
