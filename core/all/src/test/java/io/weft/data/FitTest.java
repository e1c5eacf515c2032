package io.weft.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.spec.ImageSpec;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FitTest {

  /** Images of one row, in which each level says the column. */
  private static ImageSet row(int count, int width) {
    int[] levels = IntStream.range(0, count * width).map(i -> i % width).toArray();
    return ImageSet.of(new ImageSpec(1, width, 1, 256), levels);
  }

  @Test
  void theCentre() {
    assertArrayEquals(new int[] {3}, row(1, 7).fitted(Fit.centre(1, 1)).image(0));
    assertArrayEquals(new int[] {3, 3, 3, 3}, row(1, 7).fitted(Fit.centre(2, 2)).image(0));
    ImageSet same = row(2, 7);
    assertSame(same, same.fitted(Fit.centre(1, 7)));
  }

  @Test
  void theWholeStretched() {
    assertArrayEquals(new int[] {1, 4}, row(1, 6).fittedToNearest(Fit.stretched(1, 2)).image(0));
    assertArrayEquals(
        new int[] {0, 0, 1, 1, 0, 0, 1, 1},
        row(1, 2).fittedToNearest(Fit.stretched(2, 4)).image(0));
    // Thrice as high: nothing to be mixed with.
    assertArrayEquals(new int[] {0, 1, 0, 1, 0, 1}, row(1, 2).fitted(Fit.stretched(3, 2)).image(0));
  }

  @Test
  void theWholePadded() {
    ImageSet bright = ImageSet.of(new ImageSpec(1, 4, 1, 256), new int[] {9, 9, 9, 9});
    assertArrayEquals(
        new int[] {
          0, 0, 0, 0,
          9, 9, 9, 9,
          0, 0, 0, 0,
          0, 0, 0, 0
        },
        bright.fitted(Fit.padded(4, 4)).image(0));
    assertArrayEquals(new int[] {0, 0, 9, 9, 0, 0}, bright.fitted(Fit.padded(3, 2)).image(0));
    // However thin, something of it stays.
    ImageSet thin = ImageSet.of(new ImageSpec(1, 400, 1, 256), new byte[400]);
    assertEquals(2, thin.fitted(Fit.padded(2, 2)).height());
  }

  @Test
  void aRandomPlaceForEachImageAndSeed() {
    ImageSet cut = row(400, 9).fittedToNearest(Fit.random(1, 1, 5));
    Set<Integer> places = new HashSet<>();
    for (int i = 0; i < cut.size(); i++) {
      places.add(cut.level(i, 0, 0, 0));
    }
    assertEquals(Set.of(0, 1, 2, 3, 4, 5, 6, 7, 8), places);
    assertEquals(cut.fingerprint(), row(400, 9).fittedToNearest(Fit.random(1, 1, 5)).fingerprint());
    assertNotEquals(
        cut.fingerprint(), row(400, 9).fittedToNearest(Fit.random(1, 1, 6)).fingerprint());
  }

  @Test
  void anEvenPictureStaysEvenInEveryWay() {
    SplittableRandom random = new SplittableRandom(8);
    for (int round = 0; round < 200; round++) {
      int channels = random.nextInt(1, 5);
      int value = random.nextInt(1, 256);
      ImageSpec spec = new ImageSpec(random.nextInt(1, 30), random.nextInt(1, 30), channels, 256);
      int[] levels = new int[spec.values()];
      Arrays.fill(levels, value);
      ImageSet even = ImageSet.of(spec, levels);
      int height = random.nextInt(1, 30);
      int width = random.nextInt(1, 30);
      for (Fit fit :
          List.of(
              Fit.centre(height, width),
              Fit.random(height, width, round),
              Fit.stretched(height, width))) {
        for (ImageSet fitted : List.of(even.fitted(fit), even.fittedToNearest(fit))) {
          assertTrue(Arrays.stream(fitted.image(0)).allMatch(level -> level == value), "" + fit);
        }
      }
    }
  }

  @Test
  void aVeryHighPictureIsNeverHeldInTheNewWidth() {
    byte[] even = new byte[1 << 20];
    Arrays.fill(even, (byte) 7);
    Pixels high = new Pixels(even.length, 1, 1, even);
    for (Fit fit :
        List.of(Fit.centre(256, 256), Fit.random(256, 256, 3), Fit.stretched(256, 256))) {
      for (Resampling resampling : Resampling.values()) {
        long before = TestData.allocated();
        Pixels found = fit.apply(high, resampling, 0, new int[1]);
        long bytes = TestData.allocated() - before;
        assertTrue(bytes < 8 << 20, fit + " by " + resampling + " takes " + bytes + " bytes");
        assertTrue(Arrays.stream(found.levels()).allMatch(level -> level == 7), "" + fit);
      }
    }
  }

  @Test
  void moreRowsTimesTheNewWidthThanAnArrayHolds() {
    byte[] rows = new byte[1 << 23];
    rows[rows.length / 2 - 1] = 100;
    rows[rows.length / 2] = 100;
    Pixels high = new Pixels(rows.length, 1, 1, rows);
    Pixels middle = Fit.centre(256, 256).apply(high, Resampling.TRIANGLE, 0, new int[1]);
    assertTrue(Arrays.stream(middle.levels()).allMatch(level -> level == 100));
  }

  @Test
  void namesAndRanges() {
    assertEquals(Fit.centre(2, 3), Fit.named("centre", 2, 3, 9));
    assertEquals(Fit.random(2, 3, 9), Fit.named("Random", 2, 3, 9));
    assertEquals(Fit.padded(2, 3), Fit.named("pad", 2, 3, 9));
    assertEquals(Fit.stretched(2, 3), Fit.named("stretch", 2, 3, 9));
    assertEquals("stretched to 2x3", Fit.stretched(2, 3).toString());
    var unknown = assertThrows(IllegalArgumentException.class, () -> Fit.named("crop", 2, 3, 9));
    assertTrue(unknown.getMessage().contains("expected centre, random, pad or stretch"));
    assertThrows(IllegalArgumentException.class, () -> Fit.centre(0, 3));
    assertThrows(IllegalArgumentException.class, () -> Fit.padded(2, 4097));
  }
}
