package io.weft.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.advice.Advice;
import io.weft.spec.ImageSpec;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Values of 16 bits of which few are in use keep their levels, or are refused. */
class StoredRangeTest {

  @TempDir Path folder;

  private void write(String name, BufferedImage image) throws IOException {
    Files.createDirectories(folder.resolve(name).getParent());
    Files.write(folder.resolve(name), PictureTestFiles.encoded(image, "png"));
  }

  private DataFormatException refused(ImageFolder reader) {
    DataFormatException refused = assertThrows(DataFormatException.class, reader::read);
    assertEquals(Optional.of(Advice.SAY_VALUES), refused.advice());
    return refused;
  }

  @Test
  void tenBitsOfSixteenAreRefusedWithTheirRange() throws IOException {
    write("scan1.png", PictureTestFiles.deep(true, false, 1, 3, 0, 500, 900));
    write("scan2.png", PictureTestFiles.deep(true, false, 1, 3, 0, 1000, 17));
    String words = refused(ImageFolder.at(folder)).getMessage();
    assertTrue(words.contains("scan2.png: found values of up to 1000 of 65535"), words);
    assertTrue(words.contains("in 8 bits they would be 5 levels"), words);
    assertTrue(words.contains("such as 0 and 1023"), words);
    ImageSet scaled = ImageFolder.at(folder).valuesBetween(0, 1000).read();
    assertArrayEquals(new int[] {0, 128, 230}, scaled.image(0));
    assertArrayEquals(new int[] {0, 255, 4}, scaled.image(1));
    assertArrayEquals(new int[] {0, 2, 4}, ImageFolder.at(folder).fullRange().read().image(0));
  }

  @Test
  void onePictureThatUsesTheRangeSpeaksForAll() throws IOException {
    write("dark.png", PictureTestFiles.deep(true, false, 1, 1, 300));
    write("bright.png", PictureTestFiles.deep(true, false, 1, 1, 16384));
    assertEquals(64, ImageFolder.at(folder).read().level(0, 0, 0, 0));
    write("bright.png", PictureTestFiles.deep(true, false, 1, 1, 16383));
    refused(ImageFolder.at(folder));
  }

  @Test
  void blackIsBlackAndEightBitsLoseNothing() throws IOException {
    write("black.png", PictureTestFiles.deep(true, false, 1, 2, 0, 0));
    assertArrayEquals(new int[] {0, 0}, ImageFolder.at(folder).read().image(0));
    write("black.png", PictureTestFiles.plain(1, 1, 2, 0, 1));
    assertArrayEquals(new int[] {0, 1}, ImageFolder.at(folder).read().image(0));
  }

  @Test
  void whatLiesOutsideTheRangeIsCutAndSaid() throws IOException {
    write("a/1.png", PictureTestFiles.deep(true, false, 1, 4, 99, 100, 150, 201));
    write("a/2.png", PictureTestFiles.deep(true, false, 1, 4, 100, 150, 200, 200));
    List<String> told = new ArrayList<>();
    ImageSet set = ImageFolder.at(folder).valuesBetween(100, 200).telling(told::add).read();
    assertArrayEquals(new int[] {0, 0, 128, 255}, set.image(0));
    assertArrayEquals(new int[] {0, 128, 255, 255}, set.image(1));
    assertEquals(List.of("values outside the range were cut to it: a/1.png"), told);
    for (int[] range : new int[][] {{-1, 5}, {5, 5}, {6, 5}, {0, 65536}}) {
      assertThrows(
          IllegalArgumentException.class,
          () -> ImageFolder.at(folder).valuesBetween(range[0], range[1]));
    }
  }

  @Test
  void mapsOfLabelsKeepTheirNumbers() throws IOException {
    write("m.png", PictureTestFiles.deep(true, false, 2, 2, 0, 7, 20, 20));
    refused(ImageFolder.at(folder));
    ImageSet labels = ImageFolder.at(folder).exactValues().read();
    assertArrayEquals(new int[] {0, 7, 20, 20}, labels.image(0));
    ImageSet few = labels.asLevels(21);
    assertArrayEquals(new int[] {0, 7, 20, 20}, few.image(0));
    assertEquals(21, few.levels());
    var tooFew = assertThrows(IllegalArgumentException.class, () -> labels.asLevels(20));
    assertTrue(tooFew.getMessage().contains("the value 20 on 20 levels; expected 0 to 19"));
    // Fitted, the nearest: there is no class between 0 and 20.
    ImageSet large = ImageFolder.at(folder).exactValues().fittedTo(4, 4).read();
    assertArrayEquals(new int[] {0, 0, 7, 7}, java.util.Arrays.copyOf(large.image(0), 4));
    assertArrayEquals(large.image(0), labels.fittedToNearest(Fit.centre(4, 4)).image(0));
    write("m.png", PictureTestFiles.deep(true, false, 1, 1, 256));
    String words = refused(ImageFolder.at(folder).exactValues()).getMessage();
    assertTrue(words.contains("found the value 256, which was to be read as a level"), words);
  }

  @Test
  void ofAPaletteTheIndicesAreLabels() throws IOException {
    byte[] reds = {0, (byte) 128, 0, (byte) 128};
    byte[] others = {0, 0, (byte) 128, 64};
    IndexColorModel palette = new IndexColorModel(2, 4, reds, others, others);
    BufferedImage image = new BufferedImage(4, 1, BufferedImage.TYPE_BYTE_INDEXED, palette);
    for (int i = 0; i < 4; i++) {
      image.getRaster().setSample(i, 0, 0, 3 - i);
    }
    write("p.png", image);
    assertEquals(3, ImageFolder.at(folder).read().channels());
    assertArrayEquals(new int[] {3, 2, 1, 0}, ImageFolder.at(folder).exactValues().read().image(0));
  }

  @Test
  void masksOfZeroAndOneAreNotRoundedToNothing() {
    ImageSet mask = ImageSet.of(new ImageSpec(1, 2, 1, 256), new int[] {0, 1});
    assertArrayEquals(new int[] {0, 0}, mask.quantised(2).image(0));
    var refused = assertThrows(IllegalArgumentException.class, () -> mask.checkQuantising(2));
    assertTrue(refused.getMessage().contains("values of up to 1 of 255"), refused.getMessage());
    assertArrayEquals(new int[] {0, 1}, mask.asLevels(2).image(0));
    mask.checkQuantising(256);
    ImageSet.of(new ImageSpec(1, 2, 1, 256), new int[] {0, 64}).checkQuantising(2);
    ImageSet.of(new ImageSpec(1, 2, 1, 256), new int[] {0, 0}).checkQuantising(2);
  }
}
