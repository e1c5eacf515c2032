package io.weft.prove;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.layer.CausalConvolution;
import io.weft.layer.ColourGroups;
import io.weft.layer.MaskType;
import io.weft.model.GatedPixelCnn;
import io.weft.model.PixelCnn;
import io.weft.spec.ImageSpec;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReceptiveFieldTest {

  private static final ImageSpec GREY = new ImageSpec(15, 15, 1, 4);

  /** Each layer moves up by one row at most, and then at most one column to the right. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void plainLayersMissATriangle(int layers) {
    CausalityProof proof = PlainModels.plain(GREY, layers).proof();
    BlindSpot spot = BlindSpot.of(proof, 7, 7, 0);
    int triangle = layers * (layers - 1) / 2;
    assertEquals(triangle, spot.values().size());
    assertEquals(triangle, spot.pixels());
    assertEquals(layers == 1, spot.isEmpty());
    for (BlindSpot.Value value : spot.values()) {
      assertTrue(value.column() - 7 > 7 - value.row(), value.toString());
    }
    ReceptiveField field = spot.field();
    assertEquals(layers * (2 * layers + 1) + layers - triangle, field.values());
    assertEquals(
        List.of(layers, 0, layers, layers),
        List.of(field.rowsAbove(), field.rowsBelow(), field.columnsLeft(), field.columnsRight()));
  }

  /** The blind spot widens from layer to layer; the last hidden one sees what the output sees. */
  @Test
  void everyLayerHasABlindSpot() {
    CausalityProof proof = PlainModels.plain(GREY, 4).proof();
    List<Integer> missed =
        proof.graph().nodes().stream()
            .filter(node -> node.name().startsWith("conv"))
            .map(node -> BlindSpot.ofFeature(proof, node.name(), 7, 7).pixels())
            .toList();
    assertEquals(List.of(0, 1, 3, 6), missed.subList(0, 4));
    var unknown =
        assertThrows(
            IllegalArgumentException.class, () -> BlindSpot.ofFeature(proof, "head", 7, 7));
    assertTrue(unknown.getMessage().contains("has no feature \"head\""), unknown.getMessage());
  }

  @Test
  void threePlainLayersMissTheseThree() {
    assertEquals(
        List.of(
            new BlindSpot.Value(5, 10, 0),
            new BlindSpot.Value(6, 9, 0),
            new BlindSpot.Value(6, 10, 0)),
        BlindSpot.of(PlainModels.plain(GREY, 3).proof(), 7, 7, 0).values());
  }

  @Test
  void theOriginalHasABlindSpotInColourToo() {
    CausalityProof proof = PixelCnn.of(new ImageSpec(15, 15, 3, 4), 2, 6, 3).proof();
    BlindSpot spot = BlindSpot.of(proof, 7, 7, 2);
    assertEquals(3, spot.pixels());
    assertEquals(9, spot.values().size());
  }

  @Test
  void theGatedModelMissesNothingAnywhere() {
    for (ImageSpec image : List.of(new ImageSpec(7, 6, 1, 4), new ImageSpec(6, 5, 3, 4))) {
      CausalityProof proof = GatedPixelCnn.of(image, 1, 6, 3).proof();
      for (int row = 0; row < image.height(); row++) {
        for (int column = 0; column < image.width(); column++) {
          for (int channel = 0; channel < image.channels(); channel++) {
            BlindSpot spot = BlindSpot.of(proof, row, column, channel);
            assertTrue(spot.isEmpty(), spot.values()::toString);
          }
        }
      }
    }
  }

  @Test
  void theGatedModelSeesARectangleAndItsRow() {
    ReceptiveField field =
        ReceptiveField.ofOutput(GatedPixelCnn.of(GREY, 2, 4, 3).proof(), 7, 7, 0);
    assertEquals(6 * 11 + 5, field.values());
    assertEquals("71 values of 71 pixels: 6 rows up, 5 columns left, 5 right", field.toString());
    assertFalse(field.contains(7, 7, 0));
    assertFalse(field.contains(-1, 7, 0));
  }

  @Test
  void featuresSeeWhatTheirLayersRead() {
    CausalityProof proof = GatedPixelCnn.of(GREY, 2, 4, 3).proof();
    ReceptiveField vertical = ReceptiveField.ofFeature(proof, "block/vertical", 7, 7);
    assertEquals(4 * 7, vertical.values());
    assertTrue(vertical.contains(7, 10, 0), "a vertical stack sees all of its own row");
    assertEquals(4, ReceptiveField.ofFeature(proof, "block/shift", 7, 7).rowsAbove());
    assertEquals(1, ReceptiveField.ofFeature(proof, "image", 7, 7).values());
    var unknown =
        assertThrows(
            IllegalArgumentException.class,
            () -> ReceptiveField.ofFeature(proof, "block/diagonal", 7, 7));
    assertTrue(unknown.getMessage().contains("block/vertical"), unknown.getMessage());
    assertThrows(
        IndexOutOfBoundsException.class,
        () -> ReceptiveField.ofFeature(proof, "block/vertical", 7, 15));
  }

  @Test
  void nothingIsSeenBeforeTheFirstValue() {
    CausalityProof proof = PlainModels.plain(GREY, 3).proof();
    assertEquals(0, ReceptiveField.ofOutput(proof, 0, 0, 0).values());
    assertEquals(0, ReceptiveField.ofOutput(proof, 0, 0, 0).rowsAbove());
    assertEquals(3, ReceptiveField.ofOutput(proof, 0, 14, 0).values());
    assertThrows(IndexOutOfBoundsException.class, () -> ReceptiveField.ofOutput(proof, 15, 0, 0));
    assertThrows(IndexOutOfBoundsException.class, () -> ReceptiveField.ofOutput(proof, 0, 0, 1));
  }

  @Test
  void laterChannelsSeeEarlierOnesOfTheirOwnPixel() {
    CausalityProof proof = PixelCnn.of(new ImageSpec(9, 9, 3, 4), 1, 6, 3).proof();
    for (int channel = 0; channel < 3; channel++) {
      ReceptiveField field = ReceptiveField.ofOutput(proof, 4, 4, channel);
      assertEquals(channel, field.channelsSeen(4, 4));
      assertEquals(3, field.channelsSeen(4, 3));
      assertEquals(0, field.channelsSeen(4, 5));
    }
  }

  /** Without colour groups all channels of a pixel are independent of one another. */
  @Test
  void unseenChannelsOfTheOwnPixelAreABlindSpot() {
    CausalityProof proof = PlainModels.plain(new ImageSpec(9, 9, 3, 4), 1).proof();
    assertEquals(
        List.of(new BlindSpot.Value(4, 4, 0), new BlindSpot.Value(4, 4, 1)),
        BlindSpot.of(proof, 4, 4, 2).values());
  }

  @Test
  void reportsCompareByContent() {
    CausalityProof plain = PlainModels.plain(GREY, 2).proof();
    CausalityProof same = PlainModels.plain(GREY, 2).proof();
    assertEquals(DefinitionReport.of(plain), DefinitionReport.of(same));
    assertEquals(DefinitionReport.of(plain).hashCode(), DefinitionReport.of(same).hashCode());
    assertEquals(DefinitionReport.of(plain), DefinitionReport.at(plain, 7, 7));
    assertNotEquals(DefinitionReport.of(plain), DefinitionReport.at(plain, 7, 8));
    assertNotEquals(
        DefinitionReport.of(plain), DefinitionReport.of(PlainModels.plain(GREY, 3).proof()));
  }

  @Test
  void deadBranchesAreFound() {
    ModelBuilder model = ModelBuilder.of("dead", GREY);
    var x = model.image().apply("first", CausalConvolution.square(4, 3, MaskType.A));
    x.apply("lost", CausalConvolution.square(4, 3, MaskType.B)).relu();
    Definition definition = model.softmax(x.conv1x1(4));
    DefinitionReport report = DefinitionReport.of(definition.proof());
    assertEquals(List.of("lost", "relu"), report.deadBranches());
    assertEquals(1, report.blindSpots().size());
    assertEquals(
        List.of(), DefinitionReport.of(GatedPixelCnn.of(GREY, 2, 4, 3).proof()).deadBranches());
    assertEquals(List.of(), DefinitionReport.of(PlainModels.plain(GREY, 2).proof()).deadBranches());
  }

  @Test
  void colourGroupsOfAllChannelsAreReported() {
    ModelBuilder model = ModelBuilder.of("colour", new ImageSpec(5, 5, 3, 2));
    var groups = ColourGroups.of(3);
    Definition definition =
        model.softmax(
            model.image().apply(CausalConvolution.square(6, 3, MaskType.A).withColours(groups)));
    DefinitionReport report = DefinitionReport.of(definition.proof());
    assertEquals(
        List.of(12, 13, 14), report.blindSpots().stream().map(s -> s.field().values()).toList());
  }

  /** It took minutes when the field was spanned anew for every pixel of the image. */
  @Test
  void aLargeImageTakesNoLongerForEachPixel() {
    ImageSpec large = new ImageSpec(1024, 1024, 1, 2);
    CausalityProof proof = PixelCnn.of(large, 1, 2, 3).proof();
    BlindSpot spot = assertTimeout(Duration.ofSeconds(15), () -> BlindSpot.of(proof, 512, 512, 0));
    assertEquals(spot.values().size(), spot.pixels());
  }
}
