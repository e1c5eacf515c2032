package io.weft.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.spec.ImageSpec;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ImageSetTest {

  private static final ImageSpec TINY = new ImageSpec(1, 2, 1, 256);

  /** Image i holds the values i, i + 1 and has the label i % 3. */
  private static ImageSet numbered(int count) {
    int[] levels = IntStream.range(0, count).flatMap(i -> IntStream.of(i, i + 1)).toArray();
    return ImageSet.of(TINY, levels)
        .labelled(IntStream.range(0, count).map(i -> i % 3).toArray(), 3);
  }

  private static int[] numbers(ImageSet set) {
    return IntStream.range(0, set.size()).map(i -> set.level(i, 0, 0, 0)).toArray();
  }

  @Test
  void valuesLieInRowMajorOrderWithTheChannelLast() {
    SplittableRandom random = new SplittableRandom(1);
    for (int round = 0; round < 100; round++) {
      ImageSpec spec = TestData.randomSpec(random);
      int count = random.nextInt(1, 6);
      int[] levels = random.ints((long) count * spec.values(), 0, spec.levels()).toArray();
      ImageSet set = ImageSet.of(spec, levels);
      int at = 0;
      for (int image = 0; image < count; image++) {
        int[] copy = set.image(image);
        byte[] bytes = new byte[spec.values() + 3];
        set.copyImage(image, bytes, 2);
        int inImage = 0;
        for (int row = 0; row < set.height(); row++) {
          for (int column = 0; column < set.width(); column++) {
            for (int channel = 0; channel < set.channels(); channel++) {
              assertEquals(levels[at], set.level(image, row, column, channel));
              assertEquals(levels[at], copy[inImage]);
              assertEquals(levels[at], bytes[2 + inImage] & 0xFF);
              at++;
              inImage++;
            }
          }
        }
      }
    }
  }

  @Test
  void aLevelOutOfRangeIsNamedWithItsPlace() {
    ImageSpec spec = new ImageSpec(2, 3, 3, 4);
    int[] levels = new int[3 * 18];
    levels[2 * 18 + (1 * 3 + 2) * 3 + 1] = 4;
    String message =
        assertThrows(IllegalArgumentException.class, () -> ImageSet.of(spec, levels)).getMessage();
    assertTrue(
        message.startsWith("level 4 at image 2, row 1, column 2, channel 1; expected 0 to 3"),
        message);
    levels[2 * 18 + (1 * 3 + 2) * 3 + 1] = -1;
    assertThrows(IllegalArgumentException.class, () -> ImageSet.of(spec, levels));
    byte[] bytes = new byte[18];
    bytes[17] = (byte) 255;
    assertThrows(IllegalArgumentException.class, () -> ImageSet.of(spec, bytes));
  }

  @Test
  void nothingThatIsPassedInOrOutChangesTheSet() {
    byte[] bytes = {1, 2};
    int[] labels = {1};
    ImageSet set = ImageSet.of(TINY, bytes).labelled(labels, 2);
    bytes[0] = 9;
    labels[0] = 0;
    set.image(0)[0] = 9;
    assertArrayEquals(new int[] {1, 2}, set.image(0));
    assertEquals(1, set.label(0));
  }

  @Test
  void viewsKeepImagesAndLabelsTogether() {
    ImageSet set = numbered(20);
    assertArrayEquals(new int[] {0, 1, 2}, numbers(set.take(3)));
    assertEquals(20, set.take(99).size());
    assertArrayEquals(new int[] {5, 6}, numbers(set.slice(5, 7)));
    ImageSet picked = set.slice(4, 20).select(3, 0, 3);
    assertArrayEquals(new int[] {7, 4, 7}, numbers(picked));
    assertEquals(1, picked.label(0));
    assertArrayEquals(new int[] {2, 5, 8, 11, 14, 17}, numbers(set.ofClass(2)));
    assertEquals(0, set.slice(7, 7).size());
  }

  private static List<String> files(ImageSet set) {
    return IntStream.range(0, set.size()).mapToObj(i -> set.file(i).orElseThrow()).toList();
  }

  @Test
  void anImageThatIsThereTwiceMayHaveTwoNames() {
    ImageSet named = numbered(3).select(2, 2, 0).fromFiles(List.of("a", "b", "c"));
    assertEquals(List.of("a", "b", "c"), files(named));
    assertEquals(List.of("c", "b", "b", "a"), files(named.select(2, 1, 1, 0)));
    assertEquals(List.of("b", "c"), files(named.slice(1, 3).quantised(4)));
    assertEquals(
        List.of("a", "b", "c", "b"), files(ImageSet.joined(List.of(named, named.slice(1, 2)))));
  }

  @Test
  void whatNoArrayHoldsIsRefusedInWords() {
    ImageSet many = ImageSet.of(new ImageSpec(1, 1, 1, 256), new byte[1]).select(new int[60_000]);
    String message =
        assertThrows(IllegalArgumentException.class, () -> many.fitted(Fit.stretched(256, 256)))
            .getMessage();
    assertTrue(
        message.startsWith(
            "60000 images of 256x256x1, 256 levels have 3932160000 values; expected at most"
                + " 2147483639 in memory. Change fewer at once"),
        message);
  }

  @Test
  void shufflingIsAPermutationBySeed() {
    for (int size : new int[] {1, 2, 7, 200}) {
      ImageSet shuffled = numbered(size).shuffled(5);
      assertArrayEquals(
          IntStream.range(0, size).toArray(), IntStream.of(numbers(shuffled)).sorted().toArray());
      for (int i = 0; i < size; i++) {
        assertEquals(numbers(shuffled)[i] % 3, shuffled.label(i));
      }
      assertArrayEquals(numbers(shuffled), numbers(numbered(size).shuffled(5)));
    }
    assertFalse(
        java.util.Arrays.equals(
            numbers(numbered(200).shuffled(5)), numbers(numbered(200).shuffled(6))));
  }

  @Test
  void aSplitIsDisjointCompleteAndOfTheAskedSize() {
    SplittableRandom random = new SplittableRandom(2);
    for (int round = 0; round < 200; round++) {
      int size = random.nextInt(4, 255);
      double fraction = random.nextDouble(0.2, 0.8);
      ImageSet.Split split = numbered(size).split(fraction, round);
      assertEquals(Math.round(size * fraction), split.validation().size());
      int[] all =
          IntStream.concat(
                  IntStream.of(numbers(split.train())), IntStream.of(numbers(split.validation())))
              .sorted()
              .toArray();
      assertArrayEquals(IntStream.range(0, size).toArray(), all);
      assertArrayEquals(
          numbers(split.validation()), numbers(numbered(size).split(fraction, round).validation()));
    }
  }

  @Test
  void bothPartsOfASplitHaveAnImage() {
    for (double fraction : new double[] {0, 1, -0.1, Double.NaN}) {
      assertThrows(IllegalArgumentException.class, () -> numbered(10).split(fraction, 0));
    }
    for (int size = 2; size < 12; size++) {
      assertEquals(1, numbered(size).split(0.01, 0).validation().size());
      assertEquals(1, numbered(size).split(0.99, 0).train().size());
    }
    assertThrows(IllegalArgumentException.class, () -> numbered(1).split(0.5, 0));
  }

  @Test
  void quantisingKeepsWhatIsOnTheGrid() {
    SplittableRandom random = new SplittableRandom(3);
    for (int levels = 2; levels <= 256; levels++) {
      ImageSet coarse = TestData.random(random, 3, new ImageSpec(3, 4, 3, levels));
      ImageSet fine = coarse.quantised(256);
      assertEquals(256, fine.levels());
      assertEquals(coarse.fingerprint(), fine.quantised(levels).fingerprint());
      Quantiser quantiser = new Quantiser(levels);
      assertEquals(quantiser.valueOf(coarse.level(2, 1, 3, 2)), fine.level(2, 1, 3, 2));
    }
  }

  @Test
  void quantisingAViewKeepsOrderAndLabels() {
    ImageSet view = numbered(200).select(130, 3, 199);
    ImageSet binary = view.quantised(2);
    assertArrayEquals(new int[] {1, 0, 1}, numbers(binary));
    assertEquals(view.label(2), binary.label(2));
    assertSame(view, view.quantised(256));
  }

  @Test
  void labelsAreChecked() {
    ImageSet two = ImageSet.of(TINY, new byte[4]);
    assertFalse(two.hasLabels());
    assertEquals(0, two.classes());
    assertThrows(IllegalStateException.class, () -> two.label(0));
    assertThrows(IllegalArgumentException.class, () -> two.labelled(new int[] {0}, 2));
    assertThrows(IllegalArgumentException.class, () -> two.labelled(new int[] {0, 2}, 2));
    assertThrows(IllegalArgumentException.class, () -> two.labelled(new int[] {0, -1}, 2));
    assertThrows(IllegalArgumentException.class, () -> two.labelled(new int[] {0, 0}, 0));
    ImageSet named = two.labelled(new int[] {1, 0}, List.of("cat", "dog"));
    assertEquals("dog", named.classNames().get(named.label(0)));
    assertFalse(named.unlabelled().hasLabels());
  }

  @Test
  void placesAreChecked() {
    ImageSet set = numbered(2);
    assertThrows(IndexOutOfBoundsException.class, () -> set.level(2, 0, 0, 0));
    assertThrows(IndexOutOfBoundsException.class, () -> set.level(0, 1, 0, 0));
    assertThrows(IndexOutOfBoundsException.class, () -> set.level(0, 0, 2, 0));
    assertThrows(IndexOutOfBoundsException.class, () -> set.level(0, 0, 0, -1));
    assertThrows(IndexOutOfBoundsException.class, () -> set.copyImage(0, new int[2], 1));
    assertThrows(IndexOutOfBoundsException.class, () -> set.slice(1, 3));
    assertThrows(IndexOutOfBoundsException.class, () -> set.select(2));
    assertThrows(IllegalArgumentException.class, () -> set.take(-1));
    assertThrows(IllegalArgumentException.class, () -> ImageSet.of(TINY, new byte[3]));
  }

  @Test
  void fingerprintsTellSetsApart() {
    ImageSet set = numbered(5);
    assertEquals(set.fingerprint(), numbered(6).take(5).fingerprint());
    assertNotEquals(set.fingerprint(), set.unlabelled().fingerprint());
    assertNotEquals(set.fingerprint(), set.shuffled(1).fingerprint());
    assertEquals("5 images of 1x2x1, 256 levels, 3 classes", set.toString());
  }
}
