package io.weft.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.image.Picture;
import io.weft.testing.Held;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderTest {

  @TempDir Path folder;

  private void write(String name, BufferedImage image) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    String type = name.substring(name.lastIndexOf('.') + 1);
    assertTrue(ImageIO.write(image, type, file.toFile()));
  }

  private void write(String name, int height, int width, int channels, Picture.Values values)
      throws IOException {
    Picture.of(height, width, channels, values).writePng(folder.resolve(name));
  }

  private ImageSet read() throws IOException {
    return ImageFolder.at(folder).read();
  }

  private String refusal(ImageFolder reader) {
    return assertThrows(DataFormatException.class, reader::read).getMessage();
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    for (int channels : new int[] {1, 3}) {
      ImageSet digits =
          channels == 1
              ? EmbeddedDigits.count(12).size(10).seed(random.nextLong()).grey()
              : EmbeddedDigits.count(12).size(10).seed(random.nextLong()).colour();
      Path here = folder.resolve("c" + channels);
      for (int i = 0; i < digits.size(); i++) {
        Picture.of(digits, i).writePng(here.resolve(String.format(Locale.ROOT, "%03d.png", i)));
      }
      assertEquals(digits.unlabelled().fingerprint(), ImageFolder.at(here).read().fingerprint());
    }
  }

  /** A system allows a process a thousand or so: many pictures are read before Java tidies up. */
  @Test
  void noFileIsLeftOpen() throws IOException {
    for (int i = 0; i < 60; i++) {
      BufferedImage image = new BufferedImage(3, 2, BufferedImage.TYPE_3BYTE_BGR);
      String kind = List.of("png", "jpg", "gif", "bmp", "tif").get(i % 5);
      ImageIO.write(image, kind, folder.resolve(i + "." + kind).toFile());
    }
    // What decodes is found in jars, which stay open.
    ImageFolder.at(folder).read();
    long before = Held.files();
    ImageFolder.at(folder).read();
    assertTrue(Held.files() < before + 20, before + " open files became " + Held.files());
  }

  @Test
  void subFoldersAreClassesInTheOrderOfTheirNames() throws IOException {
    write("dog/b.png", 1, 1, 1, (r, c, k) -> 3);
    write("dog/a.png", 1, 1, 1, (r, c, k) -> 2);
    write("cat/z.png", 1, 1, 1, (r, c, k) -> 1);
    Files.writeString(folder.resolve("dog/notes.txt"), "no picture");
    Files.createDirectories(folder.resolve(".cache"));
    Files.writeString(folder.resolve("dog/.hidden.png"), "no picture");
    ImageSet set = read();
    assertEquals(List.of("cat", "dog"), set.classNames());
    for (int i = 0; i < 3; i++) {
      assertEquals(i + 1, set.level(i, 0, 0, 0));
      assertEquals(i == 0 ? 0 : 1, set.label(i));
    }
  }

  @Test
  void aFileIsASetOfOne() throws IOException {
    write("some/a.png", 2, 3, 3, (r, c, k) -> 10 * r + c + 100 * k);
    write("some/b.png", 4, 4, 1, (r, c, k) -> 1);
    Path file = folder.resolve("some/a.png");
    ImageSet set = ImageFolder.file(file).read();
    assertEquals(1, set.size());
    assertFalse(set.hasLabels());
    assertArrayEquals(new int[] {12, 112, 212}, Arrays.copyOfRange(set.image(0), 15, 18));
    assertEquals(4, ImageFolder.file(file).grey().fittedTo(4, 5).read().height());
    assertTrue(refusal(ImageFolder.file(folder)).contains("file"));
    assertTrue(refusal(ImageFolder.file(folder.resolve("c.png"))).contains("c.png"));
    assertTrue(refusal(ImageFolder.file(file).atMostPixels(5)).contains("at most 5 pixels"));
    Files.writeString(folder.resolve("text.png"), "no picture");
    assertTrue(refusal(ImageFolder.file(folder.resolve("text.png"))).contains("no picture"));
  }

  @Test
  void sixteenBitsAreRoundedAndGreyIsNotBent() throws IOException {
    write("a.png", PictureTestFiles.deep(true, false, 1, 1, 0x8000));
    write(
        "b.png",
        PictureTestFiles.deep(true, false, 1, 1, 128 * 257 + 128)); // Just below half way to 129.
    write("c.png", PictureTestFiles.deep(true, false, 1, 1, 128 * 257 + 129)); // Just above it.
    ImageSet set = read();
    assertEquals(1, set.channels());
    assertEquals(128, set.level(0, 0, 0, 0));
    assertEquals(128, set.level(1, 0, 0, 0));
    assertEquals(129, set.level(2, 0, 0, 0));
  }

  @Test
  void palettesAreLookedUp() throws IOException {
    byte[] reds = {10, (byte) 200};
    byte[] greens = {20, 30};
    byte[] blues = {30, 40};
    IndexColorModel palette = new IndexColorModel(1, 2, reds, greens, blues);
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_BINARY, palette);
    image.getRaster().setSample(1, 0, 0, 1);
    write("palette.png", image);
    assertArrayEquals(new int[] {10, 20, 30, 200, 30, 40}, read().image(0));
    BufferedImage binary = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_BINARY);
    binary.getRaster().setSample(1, 0, 0, 1);
    Files.delete(folder.resolve("palette.png"));
    write("binary.png", binary);
    assertArrayEquals(new int[] {0, 255}, read().image(0));
  }

  @Test
  void jpegsAreReadWithinTheirLoss() throws IOException {
    BufferedImage grey = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
    BufferedImage red = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 64; i++) {
      grey.getRaster().setSample(i % 8, i / 8, 0, 77);
      red.setRGB(i % 8, i / 8, 0xC02040);
    }
    write("grey/1.jpg", grey);
    write("red/1.jpeg", red);
    ImageSet greys = ImageFolder.at(folder.resolve("grey")).read();
    assertEquals(1, greys.channels());
    assertEquals(77, greys.level(0, 3, 3, 0), 2);
    ImageSet both = read();
    assertEquals(3, both.channels());
    assertEquals(77, both.level(0, 3, 3, 2), 2);
    assertEquals(0xC0, both.level(1, 3, 3, 0), 4);
    assertEquals(0x20, both.level(1, 3, 3, 1), 4);
  }

  @Test
  void aFileThatIsCutOffIsNotFilledUp() throws IOException {
    SplittableRandom random = new SplittableRandom(8);
    BufferedImage noise = new BufferedImage(40, 40, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 1600; i++) {
      noise.setRGB(i % 40, i / 40, random.nextInt(1 << 24));
    }
    for (String type : List.of("png", "jpg")) {
      write("whole." + type, noise);
      byte[] whole = Files.readAllBytes(folder.resolve("whole." + type));
      Files.delete(folder.resolve("whole." + type));
      for (int part = 1; part < 10; part++) {
        byte[] cut = Arrays.copyOf(whole, whole.length * part / 10);
        Files.write(folder.resolve("cut.jpg"), cut);
        assertTrue(refusal(ImageFolder.at(folder)).contains("cut.jpg: found "));
      }
    }
  }

  @Test
  void coloursCanBeAskedFor() throws IOException {
    write("a.png", 1, 1, 3, (r, c, k) -> new int[] {200, 100, 50}[k]);
    write("b.png", 1, 1, 1, (r, c, k) -> 9);
    ImageSet grey = ImageFolder.at(folder).grey().read();
    assertEquals(1, grey.channels());
    assertEquals(Math.round(0.299 * 200 + 0.587 * 100 + 0.114 * 50), grey.level(0, 0, 0, 0));
    assertEquals(9, grey.level(1, 0, 0, 0));
    Files.delete(folder.resolve("a.png"));
    assertArrayEquals(new int[] {9, 9, 9}, ImageFolder.at(folder).colour().read().image(0));
  }

  @Test
  void differentSizesAreAnErrorThatNamesTheFile() throws IOException {
    write("a.png", 2, 3, 1, (r, c, k) -> 0);
    write("b.png", 3, 2, 1, (r, c, k) -> 0);
    String message = refusal(ImageFolder.at(folder));
    assertTrue(message.contains("b.png: found 3 rows and 2 columns; expected 2 and 3"), message);
    assertTrue(message.contains("fittedTo"), message);
    assertEquals(2, ImageFolder.at(folder).fittedTo(2, 2).read().size());
  }

  @Test
  void fittingKeepsTheMiddleAndEvenGrounds() throws IOException {
    write("a.png", 2, 6, 1, (r, c, k) -> new int[] {9, 9, 50, 60, 9, 9}[c]);
    assertArrayEquals(
        new int[] {50, 60, 50, 60}, ImageFolder.at(folder).fittedTo(2, 2).read().image(0));
    SplittableRandom random = new SplittableRandom(3);
    for (int round = 0; round < 40; round++) {
      int value = random.nextInt(256);
      write("a.png", random.nextInt(1, 40), random.nextInt(1, 40), 3, (r, c, k) -> value);
      ImageSet set =
          ImageFolder.at(folder).fittedTo(random.nextInt(1, 40), random.nextInt(1, 40)).read();
      for (int level : set.image(0)) {
        assertEquals(value, level);
      }
    }
  }

  @Test
  void fittingToTheSameSizeChangesNothing() throws IOException {
    SplittableRandom random = new SplittableRandom(4);
    write("a.png", 7, 9, 3, (r, c, k) -> random.nextInt(256));
    assertEquals(read().fingerprint(), ImageFolder.at(folder).fittedTo(7, 9).read().fingerprint());
  }

  @Test
  void shrinkingCountsEveryPixel() throws IOException {
    write("a.png", 15, 15, 1, (r, c, k) -> (r + c) % 2 * 255); // Skipping would give 0 or 255.
    for (int level : ImageFolder.at(folder).fittedTo(5, 5).read().image(0)) {
      assertEquals(127.5, level, 4);
    }
  }

  @Test
  void aHeaderThatAnnouncesTooMuchIsRefusedBeforeDecoding() throws IOException {
    Files.write(folder.resolve("bomb.png"), pngHeader(60_000, 60_000));
    String message = refusal(ImageFolder.at(folder));
    assertTrue(message.contains("found a picture of 60000 rows and 60000 columns"), message);
    write("bomb.png", 10, 10, 1, (r, c, k) -> 0);
    assertTrue(refusal(ImageFolder.at(folder).atMostPixels(99)).contains("at most 99 pixels"));
    assertEquals(1, ImageFolder.at(folder).atMostPixels(100).read().size());
    assertThrows(IllegalArgumentException.class, () -> ImageFolder.at(folder).atMostPixels(0));
  }

  private static byte[] pngHeader(int height, int width) throws IOException {
    ByteArrayOutputStream chunk = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(chunk)) {
      out.write("IHDR".getBytes(StandardCharsets.US_ASCII));
      out.writeInt(width);
      out.writeInt(height);
      out.write(new byte[] {8, 2, 0, 0, 0});
    }
    CRC32 crc = new CRC32();
    crc.update(chunk.toByteArray());
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(png)) {
      out.writeLong(0x89504E470D0A1A0AL);
      out.writeInt(chunk.size() - 4);
      out.write(chunk.toByteArray());
      out.writeInt((int) crc.getValue());
    }
    return png.toByteArray();
  }

  @Test
  void sidesBeyondWhatAModelTakesAreRefusedUnlessFitted() throws IOException {
    write("wide.png", 1, 4097, 1, (r, c, k) -> c % 256);
    assertTrue(refusal(ImageFolder.at(folder)).contains("at most 4096 each"));
    assertEquals(8, ImageFolder.at(folder).fittedTo(1, 8).read().width());
    assertThrows(IllegalArgumentException.class, () -> ImageFolder.at(folder).fittedTo(0, 8));
  }

  @Test
  void foldersThatAreNoneAreTold() throws IOException {
    assertTrue(refusal(ImageFolder.at(folder)).contains("no pictures"));
    assertTrue(refusal(ImageFolder.at(folder.resolve("none"))).contains("found nothing"));
    write("cat/a.png", 1, 1, 1, (r, c, k) -> 0);
    Files.createDirectories(folder.resolve("dog"));
    assertTrue(refusal(ImageFolder.at(folder)).contains("dog: found no pictures"));
    Files.writeString(folder.resolve("dog/a.heic"), "");
    assertTrue(refusal(ImageFolder.at(folder)).contains("dog: found no pictures, but a.heic"));
    write("b.png", 1, 1, 1, (r, c, k) -> 0);
    assertTrue(refusal(ImageFolder.at(folder)).contains("pictures (b.png) beside folders (cat)"));
    Files.writeString(folder.resolve("cat/a.png"), "not a png");
    assertTrue(
        refusal(ImageFolder.at(folder.resolve("cat"))).contains("no picture that can be read"));
  }

  @Test
  void damageGivesASetOrADataFormatException() throws IOException {
    SplittableRandom random = new SplittableRandom(6);
    ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
    BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 256; i++) {
      image.setRGB(i % 16, i / 16, random.nextInt(1 << 24));
    }
    ImageIO.write(image, "jpg", jpeg);
    byte[] png = Picture.of(EmbeddedDigits.count(1).size(16).colour(), 0).toPng();
    int refused = 0;
    for (int round = 0; round < 800; round++) {
      byte[] whole = round % 2 == 0 ? png : jpeg.toByteArray();
      Files.write(folder.resolve("a.png"), TestData.damaged(random, whole));
      try {
        assertFalse(ImageFolder.at(folder).atMostPixels(1 << 16).read().hasLabels());
      } catch (DataFormatException e) {
        refused++;
      }
    }
    assertTrue(refused > 200, refused + " refused");
  }

  @Test
  void classesThatAreNumbersAreNumberedByTheirValue() throws IOException {
    List<String> names = List.of("-1", "0", "1", "1.5", "2", "10", "011", "cat", "cat10", "cat2");
    for (String name : names) {
      Path ofClass = Files.createDirectory(folder.resolve(name));
      Picture.of(EmbeddedDigits.count(1).size(8).grey(), 0).writePng(ofClass.resolve("a.png"));
    }
    ImageSet set = ImageFolder.at(folder).read();
    assertEquals(names, set.classNames());
    assertEquals(5, set.label(5));
  }
}
