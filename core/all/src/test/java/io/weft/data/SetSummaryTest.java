package io.weft.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.weft.spec.ImageSpec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is said of a set is what is in it. */
class SetSummaryTest {

  private static final ImageSpec PAIR = new ImageSpec(1, 2, 2, 300);

  @Test
  void everythingIsCounted() {
    ImageSet images =
        ImageSet.of(
                PAIR,
                new int[] {
                  9, 299, 9, 299, //
                  9, 9, 30, 30, //
                  9, 9, 30, 30, //
                  7, 299, 9, 7, //
                  9, 299, 9, 299, //
                  9, 9, 30, 30
                })
            .labelled(new int[] {2, 0, 2, 2, 0, 2}, 4);
    assertEquals(
        new SetSummary(
            6, PAIR, List.of(2, 0, 4, 0), 7, 299, 4, List.of(0, 4), Map.of(2, 1, 4, 0, 5, 1)),
        SetSummary.of(images));
    assertEquals(List.of(), SetSummary.of(images.unlabelled()).classes());
    assertThrows(IllegalArgumentException.class, () -> SetSummary.of(images.take(0)));
  }
}
