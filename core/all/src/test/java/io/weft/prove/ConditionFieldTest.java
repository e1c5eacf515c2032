package io.weft.prove;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.explain.Summary;
import io.weft.layer.CausalConvolution;
import io.weft.layer.Feature;
import io.weft.layer.MaskType;
import io.weft.layer.Pointwise;
import io.weft.spec.Condition;
import io.weft.spec.ImageSpec;
import org.junit.jupiter.api.Test;

/** What pixels see of a map that they are given. */
class ConditionFieldTest {

  /**
   * A 16x16 image on an 8x8 map: a convolution on the map, then brought to the image's size by 2,
   * by which row 8 reads rows 3 and 4, and row 0 only row 0.
   */
  private static Definition model(int kernel) {
    ImageSpec image = new ImageSpec(16, 16, 1, 2);
    ModelBuilder model = ModelBuilder.of("large", image);
    Feature map = model.condition(new Condition.Spatial("coarse", 8, 8, 1));
    Feature given = map.conv(2, kernel).upConv(2, 2, model.image());
    Feature first = model.image().apply(CausalConvolution.square(3, 3, MaskType.A));
    return model.bernoulli(first.conditionedOn(given).tanh().apply(Pointwise.of(1)));
  }

  private static ConditionField at(Definition model, int row, int column) {
    return ConditionField.of(model.proof(), "coarse", row, column);
  }

  @Test
  void isWhatTheLayersReadOfTheMap() {
    Definition model = model(3);
    ConditionField middle = at(model, 8, 8);
    assertEquals("coarse", middle.condition());
    for (int row = -1; row <= 8; row++) {
      for (int column = -1; column <= 8; column++) {
        boolean near = row >= 2 && row <= 5 && column >= 2 && column <= 5;
        assertEquals(near, middle.contains(row, column), row + ", " + column);
      }
    }
    assertEquals(16, middle.positions());
    assertEquals("16 of 64 positions: rows 2 to 5, columns 2 to 5", middle.toString());
    assertEquals("4 of 64 positions: rows 0 to 1, columns 0 to 1", at(model, 0, 0).toString());
    assertEquals("all 64 positions", at(model(15), 8, 8).toString());
  }

  @Test
  void theSummarySaysIt() {
    String text = Summary.of(model(3)).text();
    assertTrue(
        text.contains("sees of coarse  16 of 64 positions: rows 2 to 5, columns 2 to 5 at (8, 8)"),
        text);
    ModelBuilder plain = ModelBuilder.of("plain", new ImageSpec(4, 4, 1, 2));
    Feature first = plain.image().apply(CausalConvolution.square(1, 3, MaskType.A));
    assertFalse(Summary.of(plain.bernoulli(first)).text().contains("sees of"));
  }

  @Test
  void whatIsNotThereIsRefused() {
    Definition model = model(3);
    assertThrows(IndexOutOfBoundsException.class, () -> at(model, 16, 0));
    assertThrows(
        IllegalArgumentException.class, () -> ConditionField.of(model.proof(), "fine", 0, 0));
  }
}
