package io.weft.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders as people have them: pictures of many kinds, beside what systems leave behind. */
class PictureKindsTest {

  private static final BufferedImage RED = PictureTestFiles.plain(3, 1, 2, 200, 0, 0, 255, 9, 8);

  @TempDir Path folder;

  private final List<String> told = new ArrayList<>();

  private void write(String name, byte[] content) throws IOException {
    Files.createDirectories(folder.resolve(name).getParent());
    Files.write(folder.resolve(name), content);
  }

  private void write(String name) throws IOException {
    write(name, PictureTestFiles.encoded(RED, name.substring(name.lastIndexOf('.') + 1)));
  }

  private ImageSet read() throws IOException {
    return ImageFolder.at(folder).telling(told::add).read();
  }

  @Test
  void everyKindGivesItsPixels() throws IOException {
    for (String type : List.of("bmp", "gif", "png", "tiff")) {
      write("a." + type);
    }
    write("A.TIF", PictureTestFiles.encoded(RED, "tiff"));
    ImageSet set = read();
    assertEquals(5, set.size());
    for (int i = 0; i < set.size(); i++) {
      assertArrayEquals(new int[] {200, 0, 0, 255, 9, 8}, set.image(i), set.file(i).orElseThrow());
    }
    assertEquals(List.of(), told);
    Path webp = Files.write(folder.resolve("b.webp"), PictureTestFiles.WEBP);
    assertArrayEquals(
        new int[] {0, 200, 7, 10, 200, 7, 20, 200, 7},
        Arrays.copyOf(ImageFolder.file(webp).read().image(0), 9));
  }

  @Test
  void deepAndWideKinds() throws IOException {
    write(
        "a.tif",
        PictureTestFiles.encoded(
            PictureTestFiles.deep(false, false, 1, 1, 65535, 32896, 257), "tiff"));
    BufferedImage five = new BufferedImage(1, 1, BufferedImage.TYPE_USHORT_555_RGB);
    five.setRGB(0, 0, 0xFF0000);
    write("b.bmp", PictureTestFiles.encoded(five, "bmp"));
    ImageSet set = read();
    assertArrayEquals(new int[] {255, 128, 1}, set.image(0));
    assertArrayEquals(new int[] {255, 0, 0}, set.image(1));
    BufferedImage bits = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_BINARY);
    bits.getRaster().setSample(1, 0, 0, 1);
    for (String type : List.of("wbmp", "tiff", "bmp", "png", "gif")) {
      Path file = folder.resolve("bits." + type);
      Files.write(file, PictureTestFiles.encoded(bits, type));
      assertArrayEquals(new int[] {0, 255}, ImageFolder.file(file).read().image(0), type);
    }
  }

  @Test
  void whatSystemsLeaveBehindIsNotThere() throws IOException {
    write("cat/1.png");
    write("dog/1.png");
    write("__MACOSX/cat/._1.png", new byte[] {1});
    write(".DS_Store", new byte[] {1});
    write("Thumbs.db", new byte[] {1});
    write("desktop.ini", new byte[] {1});
    write("cat/Thumbs.db", new byte[] {1});
    write("cat/.hidden.png", new byte[] {1});
    write(".ipynb_checkpoints/1.png", new byte[] {1});
    write("@eaDir/1.png", new byte[] {1});
    ImageSet set = read();
    assertEquals(List.of("cat", "dog"), set.classNames());
    assertEquals(2, set.size());
    assertEquals(List.of(), told);
  }

  @Test
  void whatIsPassedOverIsSaidOnceByName() throws IOException {
    write("cat/1.png");
    write("cat/notes.txt", new byte[] {1});
    for (int i = 0; i < 5; i++) {
      write("dog/" + i + ".heic", new byte[] {1});
    }
    write("dog/1.png");
    write("cat/more/2.png");
    write("labels.csv", new byte[] {1});
    assertEquals(2, read().size());
    assertEquals(
        List.of(
            "passed over, being no PNG, JPEG, WebP, GIF, BMP or TIFF: labels.csv, cat/notes.txt,"
                + " dog/0.heic and 4 more",
            "not looked into, being folders within a folder of pictures: cat/more"),
        told);
  }

  @Test
  void furtherPagesAndFramesAreSaid() throws IOException {
    write("a.tiff", twice("tiff"));
    write("b.gif", twice("gif"));
    write("c.png");
    assertEquals(3, read().size());
    assertEquals(List.of("read the first page or frame only: a.tiff, b.gif"), told);
    Path webp = Files.write(folder.resolve("d.webp"), PictureTestFiles.MOVING_WEBP);
    told.clear();
    ImageSet first = ImageFolder.file(webp).telling(told::add).read();
    assertArrayEquals(new int[] {255, 0, 0}, Arrays.copyOf(first.image(0), 3));
    assertEquals(List.of("read the first page or frame only: d.webp"), told);
  }

  private static byte[] twice(String type) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageWriter writer = ImageIO.getImageWritersByFormatName(type).next();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.prepareWriteSequence(null);
      writer.writeToSequence(new IIOImage(RED, null, null), null);
      writer.writeToSequence(new IIOImage(RED, null, null), null);
      writer.endWriteSequence();
    }
    return bytes.toByteArray();
  }

  @Test
  void aFrameThatIsAPartOfItsCanvasIsRefused() throws IOException {
    byte[] gif = PictureTestFiles.encoded(RED, "gif");
    gif[6] = 50; // The width of the canvas.
    write("a.gif", gif);
    var refused = assertThrows(DataFormatException.class, this::read);
    assertTrue(refused.getMessage().contains("only a part of its canvas"), refused.getMessage());
  }

  @Test
  void theNameOfAFileStaysWithItsImage() throws IOException {
    for (int i = 0; i < 6; i++) {
      String name = (i % 2 == 0 ? "even/" : "odd/") + i + ".png";
      write(name, PictureTestFiles.encoded(PictureTestFiles.plain(1, 1, 1, i), "png"));
    }
    ImageSet all = read();
    ImageSet.Split split = all.split(0.4, 3);
    for (ImageSet set :
        List.of(
            all,
            all.shuffled(1),
            all.take(3).select(2, 0, 0),
            all.slice(2, 5),
            all.ofClass(1),
            all.unlabelled(),
            split.train(),
            split.validation(),
            all.shuffled(2).asLevels(200).shuffled(3),
            all.select(4, 1).fitted(Fit.centre(3, 3)))) {
      for (int i = 0; i < set.size(); i++) {
        int number = set.level(i, 0, 0, 0);
        String name = (number % 2 == 0 ? "even/" : "odd/") + number + ".png";
        assertEquals(name, set.file(i).orElseThrow());
      }
    }
    assertEquals(
        "odd/3.png",
        all.shuffled(5)
            .quantised(2)
            .ofClass(1)
            .fromFiles(List.of("odd/3.png", "x", "y"))
            .file(0)
            .orElseThrow());
    assertTrue(EmbeddedDigits.count(1).size(8).grey().file(0).isEmpty());
    assertThrows(IllegalArgumentException.class, () -> all.fromFiles(List.of("a")));
    assertThrows(IndexOutOfBoundsException.class, () -> all.file(6));
    assertEquals(all.fingerprint(), all.fromFiles(List.of("", "", "", "", "", "")).fingerprint());
  }

  @Test
  void damageInEveryKindGivesASetOrARefusal() throws IOException {
    SplittableRandom random = new SplittableRandom(3);
    BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 256; i++) {
      image.setRGB(i % 16, i / 16, random.nextInt(1 << 24));
    }
    List<byte[]> files = new ArrayList<>(List.of(PictureTestFiles.TURNED_WEBP));
    files.add(PictureTestFiles.MOVING_WEBP);
    for (String type : List.of("gif", "bmp", "tiff")) {
      files.add(PictureTestFiles.encoded(image, type));
    }
    int refused = 0;
    for (int round = 0; round < 1000; round++) {
      Path file = folder.resolve("a.webp");
      Files.write(file, TestData.damaged(random, files.get(round % files.size())));
      try {
        ImageFolder.file(file).ground(0).telling(told::add).atMostPixels(1 << 16).read();
      } catch (DataFormatException e) {
        refused++;
      }
    }
    assertTrue(refused > 200, refused + " refused");
  }
}
