package io.weft.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.layer.CausalConvolution;
import io.weft.layer.MaskType;
import io.weft.model.GatedPixelCnn;
import io.weft.model.PixelCnn;
import io.weft.prove.PlainModels;
import io.weft.spec.ImageSpec;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class SummaryTest {

  private static final ImageSpec GREY = new ImageSpec(15, 15, 1, 4);

  @Test
  void aSmallModelOnAPage() {
    assertEquals(
        """
        plain: images of 15x15x1, 4 levels, softmax output

        name       layer                 output   parameters  reads
        image      the image             15x15x1
        conv3x3    conv3x3 full, type A  15x15x4          20  image
        relu       relu                  15x15x4              conv3x3
        conv3x3_2  conv3x3 full, type B  15x15x4          84  relu
        relu_2     relu                  15x15x4              conv3x3_2
        conv1x1    conv1x1               15x15x4          20  relu_2

        layers          5
        parameters      124 learned
        conditions      none
        receptive field 11 values of 11 pixels: 2 rows up, 2 columns left, 2 right at (7, 7)
        blind spot      1 value of 1 pixel at (7, 7)
        dead branches   none
        """,
        Summary.of(PlainModels.plain(GREY, 2)).text());
  }

  @Test
  void theTotalIsThatOfTheDefinition() {
    Definition definition = PixelCnn.textbook(GREY, 2, 4, 3);
    String text = Summary.of(definition).text();
    assertTrue(
        text.contains(
            String.format(Locale.ROOT, "%,d learned, 96 measured", definition.parameterCount())),
        text);
  }

  @Test
  void conditionsDeadBranchesAndChannelsAreNamed() {
    ModelBuilder model = ModelBuilder.of("all", new ImageSpec(7, 7, 3, 2));
    var conditions =
        java.util.List.of(
            model.classCondition("digit", 10),
            model.vectorCondition("style", 5),
            model.spatialCondition("sketch", 2));
    var logits =
        GatedPixelCnn.logits(
            model, 1, 6, 3, io.weft.distribution.Distribution.bernoulli(), conditions);
    logits.apply("lost", CausalConvolution.square(6, 3, MaskType.A));
    String text = Summary.at(model.bernoulli(logits), 1, 2).text();
    assertTrue(
        text.contains(
            "digit (one of 10 classes), style (vector condition 1x1x5), sketch (spatial condition"
                + " 7x7x2)"),
        text);
    assertTrue(text.contains("lost"), text);
    assertTrue(text.contains("at (1, 2), channel 2"), text);
    assertTrue(text.contains("bernoulli output"), text);
  }
}
