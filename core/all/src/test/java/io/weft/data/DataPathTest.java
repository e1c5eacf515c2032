package io.weft.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.image.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataPathTest {

  private final ImageSet digits = EmbeddedDigits.count(20).size(9).grey();

  @TempDir Path folder;

  private void assertReads(ImageSet expected, Path path) throws IOException {
    assertEquals(expected.fingerprint(), DataPath.train(path).fingerprint());
  }

  private Path write(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  @Test
  void mnistInAFolderAndItsImagesWithOrWithoutLabels() throws IOException {
    Path images = write("train-images-idx3-ubyte", TestData.idxImages(digits));
    assertReads(digits.unlabelled(), images);
    assertTrue(
        assertThrows(DataFormatException.class, () -> DataPath.train(folder))
            .getMessage()
            .contains("no labels for train-images-idx3-ubyte"));
    write("train-labels.idx1-ubyte.gz", TestData.gzip(TestData.idxLabels(digits)));
    assertReads(digits, folder);
    assertReads(digits, images);
    assertTrue(DataPath.test(folder).isEmpty());
    write("t10k-images.idx3-ubyte", TestData.idxImages(digits.take(3)));
    write("t10k-labels.idx1-ubyte", TestData.idxLabels(digits.take(3)));
    ImageSet test = DataPath.test(folder).orElseThrow();
    assertEquals(digits.take(3).unlabelled().fingerprint(), test.unlabelled().fingerprint());
    assertEquals(3, test.classes(), "those that occur");
    for (int i = 0; i < 3; i++) {
      assertEquals("" + digits.label(i), test.classNames().get(test.label(i)));
    }
  }

  @Test
  void labelsThatBeginAtOneOrHaveGapsAreClassesByName() throws IOException {
    ImageSet letters = digits.take(4);
    byte[] labels = TestData.idx(0x801, new int[] {4}, new byte[] {26, 1, 9, 1});
    Path images = write("emnist-letters-train-images-idx3-ubyte", TestData.idxImages(letters));
    write("emnist-letters-train-labels-idx1-ubyte", labels);
    for (Path path : List.of(folder, images)) {
      ImageSet read = DataPath.train(path);
      assertEquals(List.of("1", "9", "26"), read.classNames());
      assertEquals(List.of(2, 0, 1, 0), IntStream.range(0, 4).mapToObj(read::label).toList());
    }
    write("emnist-letters-test-images-idx3-ubyte", TestData.idxImages(letters));
    write("emnist-letters-test-labels-idx1-ubyte", labels);
    assertEquals(3, DataPath.test(folder).orElseThrow().classes());
    write("emnist-digits-train-images-idx3-ubyte", TestData.idxImages(letters));
    assertTrue(
        assertThrows(DataFormatException.class, () -> DataPath.train(folder))
            .getMessage()
            .contains("several sets: emnist-digits-, emnist-letters-"));
    assertEquals(3, DataPath.train(images).classes());
  }

  @Test
  void cifarInAFolderAndAlone() throws IOException {
    Path batch = Files.write(folder.resolve("data_batch_1.bin"), new byte[2 * 3073]);
    assertEquals(2, DataPath.train(folder).size());
    assertReads(Cifar10.file(batch), Files.copy(batch, folder.resolve("some.BIN")));
    assertTrue(DataPath.test(folder).isEmpty());
    Files.write(folder.resolve("test_batch.bin"), new byte[3073]);
    assertEquals(1, DataPath.test(folder).orElseThrow().size());
  }

  @Test
  void cifarUnderAnotherNameIsToBePointedAt() throws IOException {
    Files.write(folder.resolve("some.bin"), new byte[3073]);
    var error = assertThrows(DataFormatException.class, () -> DataPath.train(folder));
    assertTrue(error.getMessage().contains("the file itself"), error.getMessage());
    Picture.of(digits, 0).writePng(folder.resolve("0.png"));
    assertReads(digits.take(1).unlabelled(), folder);
  }

  @Test
  void picturesInAFolder() throws IOException {
    Picture.of(digits, 0).writePng(folder.resolve("0.png"));
    assertReads(digits.take(1).unlabelled(), folder);
    assertTrue(DataPath.test(folder).isEmpty());
  }

  @Test
  void whatIsNoneOfTheseIsTold() throws IOException {
    assertThrows(DataFormatException.class, () -> DataPath.train(folder));
    assertThrows(DataFormatException.class, () -> DataPath.train(folder.resolve("none")));
    Path text = Files.writeString(folder.resolve("x.txt"), "hello");
    assertThrows(DataFormatException.class, () -> DataPath.train(text));
    assertTrue(DataPath.test(text).isEmpty());
  }
}
