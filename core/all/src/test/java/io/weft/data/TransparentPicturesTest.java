package io.weft.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.advice.Advice;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What shows through a transparent pixel is said by who reads it, never by chance. */
class TransparentPicturesTest {

  @TempDir Path folder;

  @BeforeEach
  void write() throws IOException {
    write("a.png", PictureTestFiles.deep(false, true, 1, 1, 65535, 0, 0, 0));
    write("b.png", PictureTestFiles.plain(4, 1, 1, 255, 100, 0, 51));
    write("c.png", PictureTestFiles.deep(true, true, 1, 1, 65535, 0));
    write("d.png", PictureTestFiles.plain(1, 1, 1, 77));
  }

  private void write(String name, BufferedImage image) throws IOException {
    Files.write(folder.resolve(name), PictureTestFiles.encoded(image, "png"));
  }

  @Test
  void itIsRefusedUnlessSomethingIsSaid() {
    for (String name : List.of("a.png", "b.png", "c.png")) {
      var refused =
          assertThrows(
              DataFormatException.class, () -> ImageFolder.file(folder.resolve(name)).read());
      assertTrue(refused.problem().contains(name + ": found a transparent pixel in row 0"));
      assertEquals(Optional.of(Advice.SAY_GROUND), refused.advice());
    }
  }

  @Test
  void anOpaquePictureWithAlphaNeedsNothing() throws IOException {
    write("e.png", PictureTestFiles.plain(4, 1, 1, 10, 20, 30, 255));
    assertArrayEquals(
        new int[] {10, 20, 30}, ImageFolder.file(folder.resolve("e.png")).read().image(0));
  }

  @Test
  void theGroundShows() throws IOException {
    ImageSet black = ImageFolder.at(folder).ground(0).read();
    assertArrayEquals(new int[] {0, 0, 0}, black.image(0));
    assertArrayEquals(new int[] {51, 20, 0}, black.image(1));
    ImageSet blue = ImageFolder.at(folder).ground(0x0000FF).read();
    assertArrayEquals(new int[] {0, 0, 255}, blue.image(0));
    assertArrayEquals(new int[] {51, 20, 204}, blue.image(1));
    assertArrayEquals(new int[] {29, 29, 29}, blue.image(2)); // The luma of blue.
    assertThrows(IllegalArgumentException.class, () -> ImageFolder.at(folder).ground(1 << 24));
  }

  @Test
  void itIsKeptAsTheLastChannel() throws IOException {
    ImageSet set = ImageFolder.at(folder).alpha().read();
    assertEquals(4, set.channels());
    assertArrayEquals(new int[] {0, 0, 0, 0}, set.image(0)); // Nobody sees that it is red.
    assertArrayEquals(new int[] {255, 100, 0, 51}, set.image(1));
    assertArrayEquals(new int[] {0, 0, 0, 0}, set.image(2));
    assertArrayEquals(new int[] {77, 77, 77, 255}, set.image(3));
    ImageSet grey = ImageFolder.at(folder).alpha().grey().read();
    assertEquals(2, grey.channels());
    assertArrayEquals(new int[] {135, 51}, grey.image(1));
    assertArrayEquals(new int[] {77, 255}, grey.image(3));
  }

  @Test
  void paletteOfWhichAColourIsTransparent() throws IOException {
    byte[] greys = {10, (byte) 200};
    IndexColorModel palette = new IndexColorModel(1, 2, greys, greys, greys, 1);
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_BINARY, palette);
    image.getRaster().setSample(1, 0, 0, 1);
    for (String type : List.of("png", "gif")) {
      Path file = folder.resolve("palette." + type);
      Files.write(file, PictureTestFiles.encoded(image, type));
      assertThrows(DataFormatException.class, () -> ImageFolder.file(file).read());
      assertArrayEquals(
          new int[] {10, 255}, ImageFolder.file(file).ground(0xFFFFFF).read().image(0));
      assertArrayEquals(new int[] {10, 255, 0, 0}, ImageFolder.file(file).alpha().read().image(0));
    }
  }

  @Test
  void coloursCountByHowMuchOfThemIsSeen() throws IOException {
    // Two pixels become one: an opaque grey, and a white that is not seen.
    write("f.png", PictureTestFiles.plain(2, 1, 2, 40, 255, 255, 0));
    ImageSet set =
        ImageFolder.file(folder.resolve("f.png")).alpha().fitted(Fit.stretched(1, 1)).read();
    assertArrayEquals(new int[] {40, 128}, set.image(0));
  }

  @Test
  void whatAPaddedPictureDoesNotReachIsGround() throws IOException {
    write("f.png", PictureTestFiles.plain(4, 1, 2, 1, 2, 3, 255, 4, 5, 6, 0));
    ImageFolder file = ImageFolder.file(folder.resolve("f.png")).fitted(Fit.padded(2, 2));
    assertArrayEquals(
        new int[] {1, 2, 3, 250, 251, 252, 250, 251, 252, 250, 251, 252},
        file.ground(0xFAFBFC).read().image(0));
    assertArrayEquals(
        new int[] {1, 2, 3, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, file.alpha().read().image(0));
  }
}
