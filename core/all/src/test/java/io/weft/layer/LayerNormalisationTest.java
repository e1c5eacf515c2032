package io.weft.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.json.DefinitionJson;
import io.weft.json.LayerCatalog;
import io.weft.prove.CausalityException;
import io.weft.spec.DefinitionException;
import io.weft.spec.ImageSpec;
import io.weft.testing.IncrementalComparison;
import java.util.List;
import org.junit.jupiter.api.Test;

class LayerNormalisationTest {

  private static final ColourGroups RGB = ColourGroups.of(3);

  private static Definition colour(LayerNormalisation normalisation) {
    ModelBuilder model = ModelBuilder.of("normalised", new ImageSpec(4, 5, 3, 4));
    return model.softmax(
        model
            .image()
            .apply(CausalConvolution.square(6, 3, MaskType.A).withColours(RGB))
            .apply(normalisation)
            .relu()
            .apply(Pointwise.of(12).withColours(RGB)));
  }

  private static Definition grey() {
    ModelBuilder model = ModelBuilder.of("normalised", new ImageSpec(4, 5, 1, 4));
    return model.softmax(
        model.image().causalConv(5, 3, MaskType.A).layerNormalisation().tanh().conv1x1(4));
  }

  @Test
  void isComputedPixelByPixelAsOverWholeImages() {
    IncrementalComparison.check(grey(), 1);
    IncrementalComparison.check(colour(LayerNormalisation.standard().withChannels(3)), 2);
  }

  @Test
  void aPositionsColoursDoNotSeeEachOther() {
    var leak = assertThrows(CausalityException.class, () -> colour(LayerNormalisation.standard()));
    assertTrue(leak.getMessage().contains("layer-norm"), leak.getMessage());
    assertTrue(leak.getMessage().contains("withChannels(3)"), leak.getMessage());
  }

  @Test
  void needsAsManyMapsForEachColour() {
    ModelBuilder model = ModelBuilder.of("normalised", new ImageSpec(4, 5, 3, 4));
    var error =
        assertThrows(
            DefinitionException.class,
            () ->
                model
                    .image()
                    .apply(CausalConvolution.square(5, 3, MaskType.A).withColours(RGB))
                    .apply(LayerNormalisation.standard().withChannels(3)));
    assertTrue(error.getMessage().contains("a multiple of so many, found 5"), error.getMessage());
    assertThrows(IllegalArgumentException.class, () -> new LayerNormalisation(0, 1));
    assertThrows(IllegalArgumentException.class, () -> new LayerNormalisation(1e-5, 0));
  }

  @Test
  void isSavedWithADefinition() {
    DefinitionJson json = new DefinitionJson(LayerCatalog.standard());
    for (Definition definition :
        List.of(grey(), colour(new LayerNormalisation(1e-3, 1).withChannels(3)))) {
      String text = json.write(definition);
      assertTrue(text.contains("layer-normalisation"), text);
      assertEquals(definition, json.read(text));
    }
  }
}
