package io.weft.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.image.Picture;
import io.weft.model.LocallyMaskedPixelCnn;
import io.weft.order.GenerationOrder;
import io.weft.spec.ImageSpec;
import org.junit.jupiter.api.Test;

class OrderPictureTest {

  private static final int CELL = 28;
  private static final int LEFT = 16;

  /** The colour in a corner of a pixel's cell, where no line runs. */
  private static int colour(Picture picture, int row, int column, int above) {
    int colour = 0;
    for (int channel = 0; channel < 3; channel++) {
      colour =
          colour << 8 | picture.value(above + 4 + row * CELL, LEFT + 4 + column * CELL, channel);
    }
    return colour;
  }

  @Test
  void laterPixelsAreDarker() {
    GenerationOrder order = GenerationOrder.hilbert(4, 4).rotate180();
    Picture picture = OrderPicture.of(order).picture();
    int above = 16 + Canvas.LINE + 6;
    int first = order.position(0);
    assertEquals(Palette.ITSELF, colour(picture, first / 4, first % 4, above));
    int before = 0xFF;
    for (int rank = 1; rank < 16; rank++) {
      int position = order.position(rank);
      int red = colour(picture, position / 4, position % 4, above) >> 16;
      assertTrue(red < before, "rank " + rank + ": " + red + " after " + before);
      before = red;
    }
  }

  @Test
  void neighboursAreJoined() {
    Picture curve = OrderPicture.of(GenerationOrder.sCurve(3, 3)).picture();
    Picture rows = OrderPicture.of(GenerationOrder.raster(3, 3)).picture();
    int above = 16 + Canvas.LINE + 6;
    // Between the ends of the first two rows: the s-curve turns there, raster jumps.
    int row = above + CELL;
    int column = LEFT + 2 * CELL + CELL / 2 + 1;
    assertEquals(Palette.BLIND >> 16, curve.value(row, column, 0));
    assertEquals(Palette.LINE >> 16, rows.value(row, column, 0));
  }

  @Test
  void aKernelIsShownAsTheMiddleReadsIt() {
    var image = new ImageSpec(6, 6, 1, 2);
    var family = LocallyMaskedPixelCnn.builder(image).blocks(1).maps(4);
    Picture raster = KernelPicture.of(family.build(), "block/in").picture();
    Picture turned =
        KernelPicture.of(family.order(GenerationOrder.raster(6, 6).rotate180()).build(), "block/in")
            .picture();
    assertEquals(raster.height(), turned.height());
    assertEquals(raster.width(), turned.width());
    boolean differ = false;
    for (int c = 0; c < raster.width(); c++) {
      differ |= raster.value(60, c, 0) != turned.value(60, c, 0);
    }
    assertTrue(differ, "the rows above are read by one and not by the other");
  }
}
