package io.weft.internal.prove;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.expression.Shape;
import io.weft.expression.Tap;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WavefrontsTest {

  private static List<Tap> above(Shape grid, int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(rows -> Tap.offset(Tap.OWN, grid, -rows, 0))
        .toList();
  }

  @Test
  void frontsAreRowsWhereRowsAreReadAbove() {
    Shape grid = new Shape(3, 2, 1);
    assertEquals(3, Wavefronts.of(grid, above(grid, 2)).count());
  }

  @Test
  void moreReadsThanAnArrayHoldsAreRefused() {
    Shape grid = new Shape(4096, 4096, 1);
    String message =
        assertThrows(IllegalArgumentException.class, () -> Wavefronts.of(grid, above(grid, 200)))
            .getMessage();
    assertTrue(message.contains("at 200 places of each of 16777216 positions"), message);
    assertTrue(message.contains("3355443200 times in all"), message);
  }
}
