package io.weft.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.data.EmbeddedDigits;
import io.weft.data.ImageSet;
import io.weft.data.Quantiser;
import io.weft.spec.ImageSpec;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureTest {

  @Test
  void levelsBecomeValuesAndSurviveThePng() throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    for (int round = 0; round < 60; round++) {
      int channels = 1 + round % 4;
      ImageSpec spec =
          new ImageSpec(
              random.nextInt(1, 20), random.nextInt(1, 20), channels, random.nextInt(2, 257));
      int[] levels = random.ints(spec.values(), 0, spec.levels()).toArray();
      Picture picture = Picture.of(spec, levels);
      BufferedImage read = ImageIO.read(new ByteArrayInputStream(picture.toPng()));
      assertEquals(channels, read.getRaster().getNumBands());
      Quantiser quantiser = new Quantiser(spec.levels());
      int at = 0;
      for (int row = 0; row < spec.height(); row++) {
        for (int column = 0; column < spec.width(); column++) {
          for (int channel = 0; channel < channels; channel++) {
            int value = quantiser.valueOf(levels[at++]);
            assertEquals(value, picture.value(row, column, channel));
            assertEquals(value, read.getRaster().getSample(column, row, channel));
          }
        }
      }
    }
  }

  @Test
  void scalingRepeatsPixels() {
    Picture picture =
        Picture.of(2, 3, 3, (row, column, channel) -> row * 100 + column * 10 + channel);
    Picture scaled = picture.scaled(4);
    assertEquals(8, scaled.height());
    assertEquals(12, scaled.width());
    for (int row = 0; row < 8; row++) {
      for (int column = 0; column < 12; column++) {
        assertEquals(picture.value(row / 4, column / 4, 2), scaled.value(row, column, 2));
      }
    }
    assertArrayEquals(picture.toPng(), picture.scaled(1).toPng());
    assertThrows(IllegalArgumentException.class, () -> picture.scaled(0));
    assertThrows(IllegalArgumentException.class, () -> picture.scaled(Integer.MAX_VALUE));
    assertThrows(IllegalArgumentException.class, () -> picture.scaled(100_000));
  }

  @Test
  void writingReplacesTheFileAndLeavesNothingElse(@TempDir Path folder) throws IOException {
    Picture picture = Picture.of(EmbeddedDigits.count(1).grey(), 0);
    Path file = folder.resolve("new/digit.png");
    picture.writePng(file);
    picture.scaled(2).writePng(file);
    assertArrayEquals(picture.scaled(2).toPng(), Files.readAllBytes(file));
    try (Stream<Path> all = Files.list(file.getParent())) {
      assertEquals(1, all.count());
    }
  }

  @Test
  void refusesWhatIsNoPicture() {
    for (int channels : new int[] {0, 5}) {
      String message =
          assertThrows(
                  IllegalArgumentException.class,
                  () -> Picture.of(1, 1, channels, (row, column, channel) -> 0))
              .getMessage();
      assertTrue(message.contains(channels + " channels; expected 1 (grey) or 3"), message);
    }
    ImageSpec grey = new ImageSpec(1, 2, 1, 4);
    assertThrows(IllegalArgumentException.class, () -> Picture.of(grey, new int[3]));
    assertThrows(IllegalArgumentException.class, () -> Picture.of(grey, new int[] {0, 4}));
    assertThrows(IllegalArgumentException.class, () -> Picture.of(0, 1, 1, (r, c, k) -> 0));
    assertThrows(IllegalArgumentException.class, () -> Picture.of(1, 1, 1, (r, c, k) -> 256));
    Picture picture = Picture.of(grey, new int[2]);
    assertThrows(IndexOutOfBoundsException.class, () -> picture.value(1, 0, 0));
    assertThrows(IndexOutOfBoundsException.class, () -> picture.value(0, 2, 0));
    assertThrows(IndexOutOfBoundsException.class, () -> picture.value(0, 0, 1));
  }

  @Test
  void aSheetHasEveryPictureInItsPlace() {
    List<Picture> pictures =
        Stream.of(10, 20, 30, 40, 50).map(v -> Picture.of(3, 4, 1, (r, c, k) -> v)).toList();
    Picture sheet = new ContactSheet(2, 1, 255).of(pictures);
    assertEquals(1 + 3 * 4, sheet.height());
    assertEquals(1 + 2 * 5, sheet.width());
    for (int row = 0; row < sheet.height(); row++) {
      for (int column = 0; column < sheet.width(); column++) {
        boolean gap = row % 4 == 0 || column % 5 == 0;
        int index = row / 4 * 2 + column / 5;
        int expected = gap || index >= 5 ? 255 : (index + 1) * 10;
        assertEquals(expected, sheet.value(row, column, 0), row + ", " + column);
      }
    }
  }

  @Test
  void oneColouredPictureColoursTheSheet() {
    Picture grey = Picture.of(1, 1, 1, (r, c, k) -> 7);
    Picture red = Picture.of(1, 1, 3, (r, c, k) -> k == 0 ? 255 : 0);
    Picture sheet = new ContactSheet(9, 0, 0).of(List.of(grey, red));
    assertEquals(3, sheet.channels());
    assertEquals(2, sheet.width());
    assertEquals(7, sheet.value(0, 0, 2));
    assertEquals(255, sheet.value(0, 1, 0));
    assertEquals(0, sheet.value(0, 1, 1));
  }

  @Test
  void whatIsTransparentShowsSquaresOfTwoGreys() {
    // Of 16x16 pixels the squares are 2 wide; the left half is opaque, the right not at all.
    ImageSpec[] specs = {new ImageSpec(16, 16, 2, 256), new ImageSpec(16, 16, 4, 256)};
    for (ImageSpec spec : specs) {
      int last = spec.channels() - 1;
      int[] levels = new int[spec.values()];
      for (int i = 0; i < levels.length; i++) {
        int column = i / spec.channels() % 16;
        levels[i] = i % spec.channels() < last ? 10 + i % spec.channels() : column < 8 ? 255 : 0;
      }
      Picture picture = Picture.of(spec, levels);
      assertTrue(picture.hasAlpha());
      Picture sheet = new ContactSheet(1, 0, 0).of(List.of(picture));
      assertEquals(last, sheet.channels());
      for (int row = 0; row < 16; row++) {
        for (int column = 0; column < 16; column++) {
          int square = (row / 2 + column / 2) % 2 == 0 ? 153 : 102;
          assertEquals(column < 8 ? 10 : square, sheet.value(row, column, 0));
        }
      }
      assertEquals(10 + last - 1, sheet.value(0, 0, last - 1));
    }
    Picture half = Picture.of(1, 1, 2, (r, c, k) -> k == 0 ? 255 : 51);
    assertEquals(Math.round(51 + 0.8f * 153), half.chequered().value(0, 0, 0));
    assertEquals(4, half.coloured().channels());
    assertEquals(51, half.coloured().value(0, 0, 3));
  }

  /** What is not ground below a picture of the sheet, as rows of ink. */
  private static String below(Picture sheet, int top, int left, int rows, int columns) {
    StringBuilder ink = new StringBuilder();
    for (int row = top; row < top + rows; row++) {
      for (int column = left; column < left + columns; column++) {
        ink.append(sheet.value(row, column, 0) == 255 ? '#' : '.');
      }
      ink.append('\n');
    }
    return ink.toString();
  }

  @Test
  void wordsStandBelowTheirPictures() {
    List<Picture> pictures =
        Stream.of(10, 20, 30).map(v -> Picture.of(30, 30, 1, (r, c, k) -> v)).toList();
    ContactSheet layout = new ContactSheet(2, 3, 64);
    Picture plain = layout.of(pictures);
    assertArrayEquals(plain.toPng(), layout.of(pictures, List.of("", " ", "")).toPng());
    Picture sheet = layout.of(pictures, List.of("I", "", "x1"));
    int line = 22;
    assertEquals(plain.width(), sheet.width(), "short words need no room");
    assertEquals(plain.height() + 2 * line, sheet.height());
    // "I" of twice 5 x 7, in the middle.
    assertTrue(below(sheet, 33 + 4, 3 + 10, 2, 10).startsWith("..######.."));
    assertTrue(below(sheet, 33 + 8, 3 + 10, 2, 10).startsWith("....##...."));
    assertFalse(below(sheet, 33, 36, line, 30).contains("#"), "no word below the second");
    assertTrue(below(sheet, 33 + line + 33, 3, line, 30).contains("#"));
    assertEquals(30, sheet.value(3 + 30 + line + 3, 3, 0), "the third is in its place");
    // On light ground words are dark.
    Picture light = new ContactSheet(2, 3, 255).of(pictures, List.of("I", "", ""));
    assertEquals(0, light.value(33 + 4, 3 + 12, 0));
  }

  @Test
  void longWordsMakeRoomOrAreCut() {
    List<Picture> pictures =
        Stream.of(10, 20).map(v -> Picture.of(30, 30, 1, (r, c, k) -> v)).toList();
    ContactSheet layout = new ContactSheet(2, 3, 64);
    Picture sheet = layout.of(pictures, List.of("automobile", "cat"));
    assertEquals(3 + 2 * (59 + 3), sheet.width());
    assertEquals(3 + 30 + 11 + 3, sheet.height(), "small letters");
    assertEquals(10, sheet.value(3, 3 + (59 - 30) / 2, 0), "in the middle of its cell");
    assertEquals(64, sheet.value(3, 3, 0));
    Picture endless = layout.of(pictures, List.of("m".repeat(255), "cat"));
    assertEquals(3 + 2 * (161 + 3), endless.width());
    var few =
        assertThrows(
            IllegalArgumentException.class, () -> layout.of(pictures, List.of("automobile")));
    assertEquals("1 captions for 2 pictures; expected one for each", few.getMessage());
  }

  @Test
  void anEnlargedLayoutIsTheLayoutEnlarged() {
    List<Picture> pictures =
        Stream.of(10, 20, 30).map(v -> Picture.of(3, 4, 1, (r, c, k) -> v)).toList();
    ContactSheet layout = new ContactSheet(2);
    assertArrayEquals(
        layout.of(pictures).scaled(4).toPng(),
        layout.scaled(4).of(pictures.stream().map(p -> p.scaled(4)).toList()).toPng());
    assertThrows(IllegalArgumentException.class, () -> layout.scaled(0));
  }

  @Test
  void sheetsOfSetsAndTheirChecks() {
    ImageSet digits = EmbeddedDigits.count(6).size(8).grey();
    Picture sheet = new ContactSheet(3).of(digits);
    assertEquals(2 + 2 * 10, sheet.height());
    assertEquals(digits.level(4, 3, 5, 0), sheet.value(2 + 10 + 3, 2 + 10 + 5, 0));
    assertThrows(IllegalArgumentException.class, () -> new ContactSheet(3).of(digits.take(0)));
    assertThrows(IllegalArgumentException.class, () -> new ContactSheet(0));
    assertThrows(IllegalArgumentException.class, () -> new ContactSheet(1, -1, 0));
    assertThrows(IllegalArgumentException.class, () -> new ContactSheet(1, 0, 256));
    Picture small = Picture.of(1, 1, 1, (r, c, k) -> 0);
    assertThrows(
        IllegalArgumentException.class,
        () -> new ContactSheet(2).of(List.of(small, small.scaled(2))));
  }
}
