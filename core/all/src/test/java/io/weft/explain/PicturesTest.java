package io.weft.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.example.Recurrence;
import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.expression.Expression;
import io.weft.expression.PositionMap;
import io.weft.expression.Shape;
import io.weft.image.Picture;
import io.weft.layer.CausalConvolution;
import io.weft.layer.Feature;
import io.weft.layer.Inputs;
import io.weft.layer.Layer;
import io.weft.layer.MaskType;
import io.weft.layer.Pointwise;
import io.weft.layer.Shift;
import io.weft.model.GatedPixelCnn;
import io.weft.model.PixelCnn;
import io.weft.prove.PlainModels;
import io.weft.spec.ImageSpec;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Set;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class PicturesTest {

  private static final ImageSpec GREY = new ImageSpec(15, 15, 1, 4);
  private static final int CELL = 28;
  private static final int TOP = 42;
  private static final int LEFT = 16;

  private static int colour(Picture picture, int row, int column) {
    return picture.value(row, column, 0) << 16
        | picture.value(row, column, 1) << 8
        | picture.value(row, column, 2);
  }

  private static int cell(Picture picture, int row, int column) {
    return colour(picture, TOP + row * CELL + CELL / 2, LEFT + column * CELL + CELL / 2);
  }

  private static long cells(Picture picture, int colour) {
    return IntStream.range(0, 15 * 15).filter(p -> cell(picture, p / 15, p % 15) == colour).count();
  }

  @Test
  void theBlindSpotIsShown() {
    Picture plain = FieldPicture.of(PlainModels.plain(GREY, 3)).picture();
    assertEquals(Palette.ITSELF, cell(plain, 7, 7));
    assertEquals(Palette.BLIND, cell(plain, 6, 9));
    assertEquals(1, cells(plain, Palette.ITSELF));
    assertEquals(21, cells(plain, Palette.SEEN));
    assertEquals(3, cells(plain, Palette.BLIND));
    assertEquals(7 * 15 + 7 - 24, cells(plain, Palette.BEYOND));
    assertEquals(15 * 15 - (7 * 15 + 7) - 1, cells(plain, Palette.LATER));
  }

  @Test
  void theGatedModelHasNone() {
    Picture gated = FieldPicture.of(GatedPixelCnn.of(GREY, 2, 4, 3)).picture();
    assertEquals(0, cells(gated, Palette.BLIND));
    assertEquals(71, cells(gated, Palette.SEEN));
  }

  /** A first layer without type A's colour groups sees nothing of its own pixel. */
  @Test
  void colourImagesAreShaded() {
    ModelBuilder model = ModelBuilder.of("one", new ImageSpec(15, 15, 3, 2));
    var red = model.image().slice(0, 1).apply(CausalConvolution.square(6, 3, MaskType.A));
    Picture picture = FieldPicture.of(model.softmax(red), 7, 7, 1).picture();
    assertEquals(4, cells(picture, Palette.shade(Palette.SEEN, 1 / 3.0)));
    assertEquals(0, cells(picture, Palette.SEEN));
  }

  @Test
  void aKernelShowsItsMask() {
    Definition definition = PixelCnn.of(new ImageSpec(9, 9, 3, 4), 1, 6, 3);
    Picture picture = KernelPicture.of(definition, "conv7x7").picture();
    int cell = 36;
    for (int panel = 0; panel < 3; panel++) {
      int left = LEFT + panel * (7 * cell + 1 + 16);
      int own = panel == 0 ? Palette.LATER : Palette.shade(Palette.SEEN, panel / 3.0);
      assertEquals(own, colour(picture, TOP + 3 * cell + 18, left + 3 * cell + 18));
      assertEquals(Palette.SEEN, colour(picture, TOP + 2 * cell + 18, left + 6 * cell + 18));
      assertEquals(Palette.LATER, colour(picture, TOP + 3 * cell + 18, left + 4 * cell + 18));
      assertEquals(Palette.LATER, colour(picture, TOP + 4 * cell + 18, left + 18));
    }
  }

  /** One panel for the input, one for what the layer reads of itself. */
  @Test
  void aRecurrenceShowsWhereItReadsItself() {
    ModelBuilder model = ModelBuilder.of("recurrent", GREY);
    var x = model.image().apply(CausalConvolution.square(4, 3, MaskType.A));
    Definition definition = model.softmax(x.apply("own", Recurrence.of(4, -1, 0, 0, -1)));
    Picture picture = KernelPicture.of(definition, "own").picture();
    int cell = 36;
    int width = Math.max(3 * cell + 1, Canvas.width("4 maps of itself")) + 16;
    for (int place = 0; place < 9; place++) {
      int at = TOP + place / 3 * cell + 18;
      int column = LEFT + place % 3 * cell + 18;
      boolean isOwn = place == 1 || place == 3;
      assertEquals(place == 4 ? Palette.SEEN : Palette.LATER, colour(picture, at, column));
      assertEquals(isOwn ? Palette.SEEN : Palette.LATER, colour(picture, at, column + width));
    }
    assertTrue(KernelPicture.ofLayers(definition).containsKey("own"));
  }

  /** A user's layer: the first input two columns to the left, the second by a map of its own. */
  private record Crossing() implements Layer {
    @Override
    public Shape shape(Inputs inputs) {
      return inputs.exactly(2).shape(0);
    }

    @Override
    public Expression compute(Inputs inputs) {
      Shape in = inputs.shape(1);
      Expression knight =
          inputs.read(
              1,
              "a knight's move away",
              (r, c) ->
                  r < 2 || c + 1 == in.width() ? PositionMap.NONE : in.position(r - 2, c + 1));
      return inputs.read(0, 0, -2).plus(knight);
    }
  }

  /** Whoever wrote it: what it reads is what it says. */
  @Test
  void aUsersLayerShowsWhatItReadsOfEachInput() {
    ModelBuilder model = ModelBuilder.of("crossing", GREY);
    Feature a = model.image().apply("a", CausalConvolution.square(4, 3, MaskType.A));
    Feature b = a.apply("b", Pointwise.of(4));
    Definition definition = model.softmax(a.apply(new Crossing(), b).conv1x1(4));
    Picture picture = KernelPicture.ofLayers(definition).get("crossing").picture();
    int cell = 36;
    int width = Math.max(5 * cell + 1, Canvas.width("4 maps of a")) + 16;
    for (int place = 0; place < 25; place++) {
      int at = TOP + place / 5 * cell + 18;
      int column = LEFT + place % 5 * cell + 18;
      boolean left = place == 10;
      boolean knight = place == 3;
      assertEquals(left ? Palette.SEEN : Palette.LATER, colour(picture, at, column));
      assertEquals(knight ? Palette.SEEN : Palette.LATER, colour(picture, at, column + width));
    }
    assertTrue(HtmlReport.of(definition).contains("crossing: crossing"));
  }

  /** Layers that only move, too; what lies beyond the image is not read. */
  @Test
  void whatReadsNothingAroundItHasNoPicture() {
    ModelBuilder model = ModelBuilder.of("moving", GREY);
    Feature x = model.image().apply("first", CausalConvolution.square(4, 3, MaskType.A));
    Feature moved = x.shiftDown(1).apply("beyond", new Shift(Integer.MAX_VALUE, 15)).plus(x);
    Definition definition = model.softmax(moved.layerNormalisation().conv1x1(4));
    assertEquals(Set.of("first", "shift"), KernelPicture.ofLayers(definition).keySet());
    assertThrows(IllegalArgumentException.class, () -> KernelPicture.of(definition, "beyond"));
  }

  @Test
  void whatHasNoKernelIsRefused() {
    ModelBuilder model = ModelBuilder.of("labelled", GREY);
    var label = model.classCondition("label", 3);
    var x = model.image().apply(CausalConvolution.square(4, 3, MaskType.A));
    Definition definition = model.softmax(x.conditionedOn(label));
    var none =
        assertThrows(IllegalArgumentException.class, () -> KernelPicture.of(definition, "conv1x1"));
    assertTrue(none.getMessage().contains("no kernel"), none.getMessage());
    var unknown =
        assertThrows(IllegalArgumentException.class, () -> KernelPicture.of(definition, "image"));
    assertTrue(unknown.getMessage().contains("[conv3x3, conv1x1, add]"), unknown.getMessage());
  }

  @Test
  void thePngIsWhatWasDrawn() throws IOException {
    Picture picture = FieldPicture.of(PlainModels.plain(GREY, 2)).picture();
    var png = ImageIO.read(new ByteArrayInputStream(picture.toPng()));
    assertEquals(picture.height(), png.getHeight());
    assertEquals(Palette.ITSELF, png.getRGB(LEFT + 7 * CELL + 14, TOP + 7 * CELL + 14) & 0xFFFFFF);
  }
}
