package io.weft.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Cifar10Test {

  private static final int RECORD = 3073;

  @TempDir Path folder;

  private static byte[] records(int count, long seed) {
    byte[] bytes = new byte[count * RECORD];
    new SplittableRandom(seed).nextBytes(bytes);
    for (int i = 0; i < count; i++) {
      bytes[i * RECORD] = (byte) (i % 10);
    }
    return bytes;
  }

  private Path write(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  @Test
  void planesBecomeChannels() throws IOException {
    byte[] bytes = records(12, 1);
    ImageSet set = Cifar10.file(write("some.bin", bytes));
    assertEquals("12 images of 32x32x3, 256 levels, 10 classes", set.toString());
    SplittableRandom random = new SplittableRandom(2);
    for (int round = 0; round < 500; round++) {
      int image = random.nextInt(12);
      int row = random.nextInt(32);
      int column = random.nextInt(32);
      int channel = random.nextInt(3);
      int at = image * RECORD + 1 + channel * 1024 + row * 32 + column;
      assertEquals(bytes[at] & 0xFF, set.level(image, row, column, channel));
    }
    assertEquals(1, set.label(11));
    assertEquals("automobile", set.classNames().get(set.label(11)));
  }

  @Test
  void aFolderIsReadInOrder() throws IOException {
    write("data_batch_2.bin", records(2, 2));
    Path first = write("data_batch_1.bin", records(3, 1));
    Path test = write("test_batch.bin", records(1, 3));
    write("readme.html", new byte[7]);
    ImageSet train = Cifar10.train(folder);
    assertEquals(5, train.size());
    assertEquals(Cifar10.file(first).fingerprint(), train.take(3).fingerprint());
    assertEquals(Cifar10.file(test).fingerprint(), Cifar10.test(folder).fingerprint());
  }

  @Test
  void wrongLengthsAndLabelsAreTold() throws IOException {
    byte[] bytes = records(2, 1);
    for (int length : new int[] {0, 1, RECORD - 1, RECORD + 1, 2 * RECORD - 1}) {
      Path file = write("cut.bin", java.util.Arrays.copyOf(bytes, length));
      String message =
          assertThrows(DataFormatException.class, () -> Cifar10.file(file)).getMessage();
      assertTrue(message.contains("found " + length + " bytes; expected a multiple of 3073"));
    }
    bytes[RECORD] = 10;
    Path file = write("label.bin", bytes);
    String message = assertThrows(DataFormatException.class, () -> Cifar10.file(file)).getMessage();
    assertTrue(message.contains("label 10 at image 1; expected 0 to 9"), message);
    assertThrows(DataFormatException.class, () -> Cifar10.test(folder));
    assertThrows(DataFormatException.class, () -> Cifar10.train(folder.resolve("none")));
    assertThrows(DataFormatException.class, () -> Cifar10.file(folder));
  }

  @Test
  void damageGivesASetOrADataFormatException() throws IOException {
    SplittableRandom random = new SplittableRandom(5);
    byte[] whole = records(3, 1);
    int refused = 0;
    for (int round = 0; round < 300; round++) {
      Path file = write("damaged.bin", TestData.damaged(random, whole));
      try {
        assertTrue(Cifar10.file(file).size() >= 1);
      } catch (DataFormatException e) {
        refused++;
      }
    }
    assertTrue(refused > 100, refused + " refused");
  }

  @Test
  void theRealPieceIsReadWhereItLies() throws IOException {
    Path real = TestData.real("cifar10/first2000.bin").orElse(null);
    Assumptions.assumeTrue(real != null, "no ../shared/data/cifar10");
    ImageSet set = Cifar10.file(real);
    assertEquals(2000, set.size());
    assertEquals("frog", set.classNames().get(set.label(0)));
    // The top left pixel of the first image, as published.
    assertArrayEquals(
        new int[] {59, 62, 63},
        new int[] {set.level(0, 0, 0, 0), set.level(0, 0, 0, 1), set.level(0, 0, 0, 2)});
  }
}
