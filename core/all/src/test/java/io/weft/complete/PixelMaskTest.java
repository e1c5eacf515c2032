package io.weft.complete;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.data.ImageSet;
import io.weft.image.Picture;
import io.weft.spec.ImageSpec;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PixelMaskTest {

  private static final ImageSpec IMAGE = new ImageSpec(5, 7, 1, 4);

  @Test
  void aHoleIsColumnsAndRows() {
    PixelMask mask = PixelMask.hole(IMAGE, 2, 1, 4, 3);
    assertEquals(12, mask.missing());
    for (int row = 0; row < 5; row++) {
      for (int column = 0; column < 7; column++) {
        boolean missing = row >= 1 && row < 4 && column >= 2 && column < 6;
        assertEquals(!missing, mask.isKnown(row, column));
        assertEquals(!missing, mask.isKnown(row * 7 + column));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Half.class)
  void halvesLeaveTheMiddle(Half half) {
    PixelMask mask = PixelMask.withoutHalf(IMAGE, half);
    boolean rows = half == Half.TOP || half == Half.BOTTOM;
    assertEquals(rows ? 2 * 7 : 5 * 3, mask.missing());
    assertTrue(mask.isKnown(2, 3));
    assertEquals(half != Half.TOP, mask.isKnown(0, 3));
    assertEquals(half != Half.BOTTOM, mask.isKnown(4, 3));
    assertEquals(half != Half.LEFT, mask.isKnown(2, 0));
    assertEquals(half != Half.RIGHT, mask.isKnown(2, 6));
    int missing =
        Arrays.stream(Half.values())
            .mapToInt(h -> PixelMask.withoutHalf(new ImageSpec(4, 6, 3, 2), h).missing())
            .sum();
    assertEquals(2 * 24, missing, "even halves share every pixel");
  }

  @Test
  void aPictureIsMissingWhereItIsWhite() {
    Picture grey = Picture.of(2, 3, 1, (row, column, channel) -> column == 1 ? 128 : 127);
    PixelMask expected = PixelMask.of(new boolean[][] {{true, false, true}, {true, false, true}});
    assertEquals(expected, PixelMask.whiteIsMissing(grey));
    assertEquals(expected, PixelMask.whiteIsMissing(grey.coloured()));
    Picture red = Picture.of(2, 3, 3, (row, column, c) -> c == 0 || column == 1 ? 255 : 0);
    assertEquals(expected, PixelMask.whiteIsMissing(red), "the mean of red is below 128");
  }

  @Test
  void whatIsCutOutIsMissing() {
    PixelMask expected = PixelMask.of(2, 3, (row, column) -> column != 1);
    int[] opaque = {255, 0, 255};
    int[] nearly = {255, 254, 255};
    for (int[] alpha : new int[][] {opaque, nearly}) {
      // A picture with white parts, as somebody cut a hole into it.
      Picture torn =
          Picture.of(2, 3, 4, (r, column, c) -> c == 3 ? alpha[column] : column == 0 ? 255 : 9);
      assertEquals(expected, PixelMask.transparentIsMissing(torn));
      assertEquals(expected, PixelMask.shownBy(torn));
    }
    Picture painted = Picture.of(2, 3, 2, (row, column, c) -> c == 1 || column == 1 ? 255 : 0);
    assertEquals(expected, PixelMask.shownBy(painted), "nothing is cut out");
    Picture black = Picture.of(2, 3, 2, (row, column, c) -> c == 0 || column == 1 ? 0 : 255);
    assertEquals(expected, PixelMask.shownBy(black));
    Picture white = Picture.of(2, 3, 2, (row, column, c) -> c == 0 || column == 1 ? 255 : 0);
    expect(() -> PixelMask.shownBy(white), "either of which could be what is missing");
    Picture whole = Picture.of(2, 3, 3, (row, column, c) -> 255);
    expect(() -> PixelMask.transparentIsMissing(whole), "every pixel is known");
  }

  @Test
  void masksAreValues() {
    PixelMask mask = PixelMask.of(5, 7, (row, column) -> row != column);
    assertEquals(mask, PixelMask.of(5, 7, (row, column) -> row - column != 0));
    assertEquals(mask.hashCode(), PixelMask.of(5, 7, (r, c) -> r != c).hashCode());
    assertNotEquals(mask, PixelMask.of(5, 7, (row, column) -> row == column));
    assertEquals("5x7, 5 pixels missing", mask.toString());
    assertThrows(IndexOutOfBoundsException.class, () -> mask.isKnown(0, 7));
    assertThrows(IndexOutOfBoundsException.class, () -> mask.isKnown(-1, 0));
    assertThrows(IndexOutOfBoundsException.class, () -> mask.isKnown(35));
  }

  @Test
  void mistakesInMasksAreNamed() {
    expect(() -> PixelMask.hole(IMAGE, 0, 0, 0, 2), "at least 1 column and 1 row, found 0 and 2");
    expect(() -> PixelMask.hole(IMAGE, 5, 1, 3, 2), "columns 5 to 7 and rows 1 to 2 reaches");
    expect(() -> PixelMask.hole(IMAGE, -1, 1, 3, 2), "columns -1 to 1");
    expect(() -> PixelMask.hole(IMAGE, 1, 4, 3, 2), "beyond images of 7 columns and 5 rows");
    expect(() -> PixelMask.hole(IMAGE, 1, 1, Integer.MAX_VALUE, 1), "columns 1 to 2147483647");
    expect(() -> PixelMask.hole(IMAGE, 0, 0, 7, 5), "no pixel is known");
    expect(() -> PixelMask.of(5, 7, (row, column) -> true), "nothing to complete");
    expect(() -> PixelMask.withoutHalf(new ImageSpec(1, 4, 1, 2), Half.TOP), "every pixel");
    expect(() -> PixelMask.of(0, 4, (row, column) -> true), "1 to 4096 rows and columns, found 0");
    expect(() -> PixelMask.of(new boolean[0][]), "found 0");
    expect(() -> PixelMask.of(new boolean[][] {{true, false}, {true}}), "row 1 of the mask has 1");
    expect(() -> PixelMask.hole(IMAGE, 1, 1, 1, 1).check(new ImageSpec(7, 5, 1, 4)), "7 and 5");
  }

  @Test
  void knownPixelsKeepWhatIsKnown() {
    PixelMask mask = PixelMask.hole(new ImageSpec(2, 2, 3, 4), 1, 0, 1, 1);
    int[] levels = {0, 1, 2, -9, 99, 7, 3, 2, 1, 1, 1, 1};
    KnownPixels known = KnownPixels.of(new ImageSpec(2, 2, 3, 4), levels, mask);
    levels[0] = 3;
    assertEquals(0, known.level(0, 0, 0));
    assertEquals(1, known.level(1, 0, 2));
    assertEquals(0, known.levels()[4], "what is missing is not kept");
    assertEquals(mask, known.mask());
    expect(() -> known.level(0, 1, 0), "pixel (0, 1) is missing");
    assertThrows(IndexOutOfBoundsException.class, () -> known.level(0, 0, 3));
    assertEquals(255, KnownPixels.of(known.spec(), levels, mask).picture().value(0, 0, 0));
    assertFalse(known.picture().value(0, 1, 0) == known.picture().value(0, 1, 2));
    ImageSet set =
        ImageSet.of(known.spec(), new int[] {0, 1, 2, 0, 0, 0, 3, 2, 1, 1, 1, 1}).quantised(4);
    assertEquals(known, KnownPixels.of(set, 0, mask));
    assertEquals(known.hashCode(), KnownPixels.of(set, 0, mask).hashCode());
    assertEquals("known pixels of 2x2x3, 4 levels, 1 missing", known.toString());
  }

  @Test
  void mistakesInKnownPixelsAreNamed() {
    PixelMask mask = PixelMask.hole(IMAGE, 2, 1, 4, 3);
    expect(() -> KnownPixels.of(IMAGE, new int[34], mask), "34 levels for an image of 5x7x1");
    int[] bad = new int[35];
    bad[8] = 4;
    expect(() -> KnownPixels.of(IMAGE, bad, mask), "level 4 at pixel (1, 1), which is known");
    expect(() -> KnownPixels.of(new ImageSpec(5, 5, 1, 4), new int[25], mask), "5 rows and 7");
    KnownPixels known = KnownPixels.of(IMAGE, new int[35], mask);
    expect(() -> known.check(new ImageSpec(5, 7, 1, 2)), "5x7x1, 2 levels, these known pixels");
  }

  private static void expect(Executable mistake, String message) {
    var error = assertThrows(IllegalArgumentException.class, mistake);
    assertTrue(error.getMessage().contains(message), error.getMessage());
  }
}
