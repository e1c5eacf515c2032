package io.weft.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pictures are read as they were seen, not as the sensor lay. */
class OrientationTest {

  /** What is seen of 1 2 3 over 4 5 6, as the eight values are drawn in Exif 2.32, figure 8. */
  private static final int[][][] SEEN = {
    {{1, 2, 3}, {4, 5, 6}},
    {{3, 2, 1}, {6, 5, 4}},
    {{6, 5, 4}, {3, 2, 1}},
    {{4, 5, 6}, {1, 2, 3}},
    {{1, 4}, {2, 5}, {3, 6}},
    {{4, 1}, {5, 2}, {6, 3}},
    {{6, 3}, {5, 2}, {4, 1}},
    {{3, 6}, {2, 5}, {1, 4}}
  };

  @TempDir Path folder;

  private ImageSet read(String name, byte[] file) throws IOException {
    Files.write(folder.resolve(name), file);
    return ImageFolder.file(folder.resolve(name)).read();
  }

  private static void assertSeen(int[][] expected, ImageSet set, int scale, int tolerance) {
    assertEquals(expected.length * scale, set.height());
    assertEquals(expected[0].length * scale, set.width());
    for (int row = 0; row < set.height(); row++) {
      for (int column = 0; column < set.width(); column++) {
        assertEquals(
            expected[row / scale][column / scale] * 40,
            set.level(0, row, column, 0),
            tolerance,
            row + ", " + column);
      }
    }
  }

  private static BufferedImage stored(int scale) {
    int[] samples = new int[6 * scale * scale];
    for (int i = 0; i < samples.length; i++) {
      int row = i / (3 * scale) / scale;
      int column = i % (3 * scale) / scale;
      samples[i] = 40 * (3 * row + column + 1);
    }
    return PictureTestFiles.plain(1, 2 * scale, 3 * scale, samples);
  }

  @Test
  void allEightValuesInPngAndJpegAndTiff() throws IOException {
    byte[] png = PictureTestFiles.encoded(stored(1), "png");
    byte[] jpeg = PictureTestFiles.encoded(stored(8), "jpg");
    for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
      for (int value = 1; value <= 8; value++) {
        byte[] exif = PictureTestFiles.exif(value, order);
        int[][] seen = SEEN[value - 1];
        assertSeen(seen, read("a.png", PictureTestFiles.pngWithExif(png, exif)), 1, 0);
        assertSeen(seen, read("a.jpg", PictureTestFiles.jpegWithExif(jpeg, exif)), 8, 3);
        assertSeen(seen, read("a.tif", tiff(value, order)), 1, 0);
      }
    }
    assertSeen(SEEN[0], read("a.png", png), 1, 0);
    assertSeen(SEEN[0], read("a.jpg", jpeg), 8, 3);
  }

  /** A grey TIFF of one strip. */
  private static byte[] tiff(int orientation, ByteOrder order) {
    int[][] entries = {
      {256, 3},
      {257, 2},
      {258, 8},
      {259, 1},
      {262, 1},
      {273, 200},
      {274, orientation},
      {277, 1},
      {278, 2},
      {279, 6}
    };
    ByteBuffer file = ByteBuffer.allocate(206).order(order);
    file.put((byte) (order == ByteOrder.BIG_ENDIAN ? 'M' : 'I'));
    file.put(file.get(0)).putShort((short) 42).putInt(8).putShort((short) entries.length);
    for (int[] entry : entries) {
      file.putShort((short) entry[0]).putShort((short) 3).putInt(1);
      file.putShort((short) entry[1]).putShort((short) 0);
    }
    for (int i = 0; i < 6; i++) {
      file.put(200 + i, (byte) (40 * (i + 1)));
    }
    return file.array();
  }

  @Test
  void webpToo() throws IOException {
    ImageSet plain = read("a.webp", PictureTestFiles.WEBP);
    assertEquals("2x3x3, 256 levels", plain.spec().toString());
    assertEquals(120, plain.level(0, 1, 2, 0));
    assertEquals(200, plain.level(0, 1, 2, 1));
    ImageSet turned = read("a.webp", PictureTestFiles.TURNED_WEBP);
    assertEquals("3x2x3, 256 levels", turned.spec().toString());
    assertArrayEquals(new int[] {100, 200, 7, 0, 200, 7}, Arrays.copyOf(turned.image(0), 6));
  }

  @Test
  void turnedPicturesBesideOthersInOneSet() throws IOException {
    byte[] png = PictureTestFiles.encoded(stored(1), "png");
    BufferedImage tall = PictureTestFiles.plain(1, 3, 2, 40, 160, 80, 200, 120, 240);
    for (int value = 5; value <= 8; value++) {
      byte[] exif = PictureTestFiles.exif(value, ByteOrder.LITTLE_ENDIAN);
      Files.write(folder.resolve(value + ".png"), PictureTestFiles.pngWithExif(png, exif));
    }
    Files.write(folder.resolve("0.png"), PictureTestFiles.encoded(tall, "png"));
    ImageSet set = ImageFolder.at(folder).read();
    assertSeen(SEEN[4], set.take(1), 1, 0);
    for (int value = 5; value <= 8; value++) {
      assertSeen(SEEN[value - 1], set.select(value - 4), 1, 0);
    }
    assertEquals(2, ImageFolder.at(folder).fittedTo(2, 2).read().width());
  }

  @Test
  void whatIsNoOrientationChangesNothing() throws IOException {
    byte[] png = PictureTestFiles.encoded(stored(1), "png");
    byte[] jpeg = PictureTestFiles.encoded(stored(8), "jpg");
    for (int value : new int[] {0, 9, 255, 65535}) {
      byte[] exif = PictureTestFiles.exif(value, ByteOrder.BIG_ENDIAN);
      assertSeen(SEEN[0], read("a.png", PictureTestFiles.pngWithExif(png, exif)), 1, 0);
      assertSeen(SEEN[0], read("a.jpg", PictureTestFiles.jpegWithExif(jpeg, exif)), 8, 3);
    }
    SplittableRandom random = new SplittableRandom(7);
    for (int round = 0; round < 300; round++) {
      byte[] exif = PictureTestFiles.exif(1, ByteOrder.BIG_ENDIAN);
      for (int i = random.nextInt(1, 6); i > 0; i--) {
        int at = random.nextInt(exif.length);
        // Not the value of the tag itself.
        exif[at == 19 ? 18 : at] = (byte) (random.nextBoolean() ? 0xFF : random.nextInt(256));
      }
      ImageSet set = read("a.png", PictureTestFiles.pngWithExif(png, exif));
      assertEquals(6, set.spec().pixels());
      read("a.jpg", PictureTestFiles.jpegWithExif(jpeg, exif));
    }
  }
}
