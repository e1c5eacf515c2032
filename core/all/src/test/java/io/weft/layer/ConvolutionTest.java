package io.weft.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.expression.Shape;
import io.weft.json.DefinitionJson;
import io.weft.json.LayerCatalog;
import io.weft.prove.CausalityException;
import io.weft.spec.Condition;
import io.weft.spec.ImageSpec;
import io.weft.testing.IncrementalComparison;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Layers that read on all sides, which conditions are free to be read by. */
class ConvolutionTest {

  /** A model of images that grow from a small one, of as many rows and columns as are given. */
  private static Definition growing(ImageSpec image, int stride) {
    ModelBuilder model = ModelBuilder.of("growing", image);
    Feature x = model.image();
    Feature small =
        model.condition(
            new Condition.Spatial(
                "small",
                (image.height() - 1) / stride + 1,
                (image.width() - 1) / stride + 1,
                image.channels()));
    Feature coarse = small.conv(4, 3).relu().upConv(3, stride, x).tanh();
    Feature first =
        x.apply(
            CausalConvolution.square(6, 3, MaskType.A)
                .withColours(ColourGroups.of(image.channels())));
    Feature logits =
        first
            .conditionedOn(coarse)
            .relu()
            .apply(
                Pointwise.of(image.channels() * image.levels())
                    .withColours(ColourGroups.of(image.channels())));
    return model.softmax(logits);
  }

  @Test
  void conditionsAreReadOnAllSidesPixelByPixelAsOverWholeImages() {
    IncrementalComparison.check(growing(new ImageSpec(8, 8, 1, 3), 4), 1);
    IncrementalComparison.check(growing(new ImageSpec(7, 5, 1, 4), 2), 2);
    IncrementalComparison.check(growing(new ImageSpec(4, 6, 3, 2), 2), 3);
    IncrementalComparison.check(growing(new ImageSpec(1, 7, 1, 2), 3), 4);
  }

  @Test
  void theImageIsNotReadOnAllSides() {
    leaks(x -> x.conv(3, 3), "conv3x3 reads image at", "of type A");
    leaks(x -> x.causalConv(4, 3, MaskType.A).conv(3, 3), "conv3x3_2 reads", "of type B");
    leaks(x -> x.apply(TransposedConvolution.by(1, 3)), "up2x2 reads image at", "shiftDown");
    leaks(x -> x.apply(new TransposedConvolution(3, 3, 1)), "up3x3 reads", "2 rows first");
    // Nor is a grid that was made coarser: its cells hold pixels that are still to come.
    leaks(
        x -> x.causalConv(3, 3, MaskType.A).apply(new Subsample(2)).upConv(3, 2),
        "subsample reads",
        "2 rows first (shiftDown)");
  }

  private static void leaks(UnaryOperator<Feature> network, String where, String remedy) {
    ModelBuilder model = ModelBuilder.of("leaking", new ImageSpec(6, 6, 1, 3));
    Feature logits = network.apply(model.image());
    String message =
        assertThrows(CausalityException.class, () -> model.softmax(logits)).getMessage();
    assertTrue(message.contains(where) && message.contains(remedy), message);
  }

  @Test
  void aTransposedConvolutionHasTheGridThatItIsFor() {
    TransposedConvolution twice = TransposedConvolution.by(2, 5);
    assertEquals(new Shape(6, 8, 5), twice.shape(Inputs.of(new Shape(3, 4, 2))));
    Shape odd = new Shape(5, 7, 1);
    assertEquals(odd.withMaps(5), twice.shape(Inputs.of(new Shape(3, 4, 2), odd)));
    refused("at most 6 x 8", () -> twice.shape(Inputs.of(new Shape(3, 4, 2), new Shape(7, 7, 1))));
    refused("would leave gaps", () -> new TransposedConvolution(1, 2, 3));
    refused("has a centre", () -> Convolution.square(3, 2));
    refused("output map", () -> Convolution.square(0, 3));
    refused("output map", () -> new TransposedConvolution(0, 2, 2));
  }

  private static void refused(String why, Executable made) {
    String message = assertThrows(IllegalArgumentException.class, made).getMessage();
    assertTrue(message.contains(why), message);
  }

  @Test
  void areSavedWithADefinition() {
    DefinitionJson json = new DefinitionJson(LayerCatalog.standard());
    Definition definition = growing(new ImageSpec(8, 8, 1, 3), 4);
    String text = json.write(definition);
    assertTrue(text.contains("\"transposed-convolution\""), text);
    assertEquals(definition, json.read(text));
  }
}
