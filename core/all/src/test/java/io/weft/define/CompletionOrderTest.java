package io.weft.define;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.complete.PixelMask;
import io.weft.model.GatedPixelCnn;
import io.weft.model.LocallyMaskedPixelCnn;
import io.weft.order.GenerationOrder;
import io.weft.prove.ReceptiveField;
import io.weft.spec.ImageSpec;
import org.junit.jupiter.api.Test;

class CompletionOrderTest {

  private static final ImageSpec IMAGES = new ImageSpec(8, 8, 1, 4);
  private static final PixelMask RING = PixelMask.hole(IMAGES, 2, 2, 4, 4);

  @Test
  void aModelForEveryOrderIsCompletedWithAllKnownPixelsAsContext() {
    Definition definition =
        LocallyMaskedPixelCnn.builder(IMAGES)
            .orders(GenerationOrder.eight(GenerationOrder.sCurve(8, 8)))
            .maps(6)
            .blocks(1)
            .build();
    GenerationOrder order = definition.completionOrder(RING);
    assertTrue(RING.isKnownFirst(order));
    assertNotEquals(definition.order(), order);
    // What comes later in the declared order, below and right of the hole, is seen as well.
    Definition completing = definition.under(order);
    var field = ReceptiveField.ofOutput(completing.proof(), 5, 5, 0);
    assertTrue(field.contains(6, 6, 0));
    assertFalse(ReceptiveField.ofOutput(definition.proof(), 5, 5, 0).contains(6, 6, 0));
  }

  @Test
  void anyOtherModelKeepsItsOrder() {
    Definition definition = GatedPixelCnn.builder(IMAGES).maps(4).blocks(1).build();
    assertEquals(definition.order(), definition.completionOrder(RING));
  }

  /** Of a model for every order what is missing alone follows the order that was asked for. */
  @Test
  void anOrderThatIsAskedFor() {
    GenerationOrder columns = GenerationOrder.named("raster+transpose", 8, 8);
    Definition raster = GatedPixelCnn.builder(IMAGES).maps(4).blocks(1).build();
    assertEquals(columns, raster.completionOrder(RING, columns));
    Definition any =
        LocallyMaskedPixelCnn.builder(IMAGES)
            .orders(GenerationOrder.eight(GenerationOrder.raster(8, 8)))
            .maps(6)
            .blocks(1)
            .build();
    GenerationOrder order = any.completionOrder(RING, columns);
    assertTrue(RING.isKnownFirst(order));
    int[] missing = new int[4];
    System.arraycopy(order.positions(), 64 - RING.missing(), missing, 0, 4);
    assertArrayEquals(new int[] {18, 26, 34, 42}, missing);
  }

  @Test
  void aMaskOfAnotherSizeIsRefused() {
    Definition definition = GatedPixelCnn.builder(IMAGES).maps(4).blocks(1).build();
    PixelMask other = PixelMask.hole(new ImageSpec(9, 8, 1, 4), 2, 2, 4, 4);
    assertThrows(IllegalArgumentException.class, () -> definition.completionOrder(other));
  }
}
