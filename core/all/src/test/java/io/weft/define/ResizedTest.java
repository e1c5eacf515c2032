package io.weft.define;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.model.GatedPixelCnn;
import io.weft.model.ImageGpt;
import io.weft.model.LocallyMaskedPixelCnn;
import io.weft.model.PixelSnail;
import io.weft.order.GenerationOrder;
import io.weft.spec.DefinitionException;
import io.weft.spec.ImageSpec;
import io.weft.testing.ConditionedModel;
import io.weft.weight.Weights;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A model is for images of another size where its weights are. */
class ResizedTest {

  private static final ImageSpec IMAGE = new ImageSpec(6, 5, 1, 4);

  @Test
  void theSameWeightsServe() {
    Definition definition = GatedPixelCnn.classConditional(IMAGE, 3, 2, 4, 3);
    Definition larger = definition.resized(9, 12);
    assertEquals(new ImageSpec(9, 12, 1, 4), larger.image());
    Weights.initial(definition, 1).check(larger);
    assertEquals(GatedPixelCnn.classConditional(larger.image(), 3, 2, 4, 3), larger);
    assertSame(definition, definition.resized(6, 5));
    assertEquals(definition, larger.resized(6, 5));
  }

  @Test
  void ordersKeepTheirNames() {
    List<GenerationOrder> orders = GenerationOrder.eight(GenerationOrder.sCurve(6, 6));
    Definition definition =
        LocallyMaskedPixelCnn.builder(new ImageSpec(6, 6, 1, 4))
            .orders(orders)
            .blocks(1)
            .maps(4)
            .build();
    Definition larger = definition.under(orders.get(3)).resized(8, 8);
    List<GenerationOrder> expected = GenerationOrder.eight(GenerationOrder.sCurve(8, 8));
    assertEquals(expected, larger.orders());
    assertEquals(expected.get(3), larger.order());
  }

  private static void refuses(Definition definition, String why) {
    refuses(definition, 8, 8, why);
  }

  private static void refuses(Definition definition, int height, int width, String why) {
    String message =
        assertThrows(DefinitionException.class, () -> definition.resized(height, width))
            .getMessage();
    assertTrue(message.contains(why), message);
  }

  /** As many rows and columns together are as many weights, but not for the same places. */
  @Test
  void otherRowsAndColumnsAreNotTakenForTheSame() {
    Definition definition = ImageGpt.builder(IMAGE).blocks(1).maps(8).heads(2).build();
    refuses(definition, 5, 6, "has weights for (own, row 5), and would read (own, column 0)");
    refuses(definition, 7, 4, "has weights for (own, column 0), and would read (own, row 6)");
    assertSame(definition, definition.resized(6, 5));
    Definition snail = PixelSnail.builder(IMAGE).blocks(1).maps(4).build();
    assertEquals(
        PixelSnail.builder(new ImageSpec(5, 6, 1, 4)).blocks(1).maps(4).build(),
        snail.resized(5, 6));
  }

  @Test
  void whatIsForOneSizeIsRefused() {
    refuses(
        ImageGpt.builder(IMAGE).blocks(1).maps(8).heads(2).build(), "is for images of one size");
    refuses(ConditionedModel.of(IMAGE), "6x5");
    int[] backwards = new int[30];
    for (int i = 0; i < 30; i++) {
      backwards[i] = 29 - i;
    }
    refuses(
        LocallyMaskedPixelCnn.builder(IMAGE)
            .orders(List.of(GenerationOrder.of(6, 5, backwards)))
            .blocks(1)
            .maps(4)
            .build(),
        "has no name");
  }
}
