package io.weft.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class QuantiserTest {

  @Test
  void everyLevelMapsToItselfThroughItsValue() {
    for (int levels = 2; levels <= 256; levels++) {
      Quantiser quantiser = new Quantiser(levels);
      for (int level = 0; level < levels; level++) {
        assertEquals(level, quantiser.levelOf(quantiser.valueOf(level)), levels + " levels");
      }
    }
  }

  @Test
  void everyValueGoesToTheNearestLevel() {
    for (int levels = 2; levels <= 256; levels++) {
      Quantiser quantiser = new Quantiser(levels);
      for (int value = 0; value < 256; value++) {
        double exact = value * (levels - 1) / 255.0;
        assertTrue(Math.abs(quantiser.levelOf(value) - exact) <= 0.5, value + " of " + levels);
      }
    }
  }

  @Test
  void theEndsStayTheEndsAndHalvesGoUp() {
    Quantiser two = new Quantiser(2);
    assertEquals(0, two.levelOf(127));
    assertEquals(1, two.levelOf(128));
    assertEquals(255, two.valueOf(1));
    assertEquals(128, new Quantiser(3).valueOf(1)); // 127.5
  }

  @Test
  void finerGridsKeepEveryLevelApart() {
    for (int coarse = 2; coarse <= 256; coarse++) {
      for (int fine = coarse; fine <= 256; fine += 7) {
        Quantiser from = new Quantiser(coarse);
        Quantiser to = new Quantiser(fine);
        for (int level = 0; level < coarse; level++) {
          assertEquals(level, from.levelOf(to.levelOf(level, from), to));
        }
      }
    }
  }

  @Test
  void refusesWhatIsOutOfRange() {
    assertThrows(IllegalArgumentException.class, () -> new Quantiser(1));
    assertThrows(IllegalArgumentException.class, () -> new Quantiser(65_537));
    Quantiser four = new Quantiser(4);
    assertThrows(IllegalArgumentException.class, () -> four.levelOf(256));
    assertThrows(IllegalArgumentException.class, () -> four.levelOf(-1));
    Exception error = assertThrows(IllegalArgumentException.class, () -> four.valueOf(4));
    assertEquals("level is 4; expected 0 to 3", error.getMessage());
  }
}
