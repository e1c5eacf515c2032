package io.weft.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.image.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataPathTest {

  private final ImageSet digits = EmbeddedDigits.count(20).size(9).grey();

  @TempDir Path folder;

  private void assertReads(ImageSet expected, Path path) throws IOException {
    assertEquals(expected.fingerprint(), DataPath.train(path).fingerprint());
  }

  @Test
  void mnistInAFolderAndImagesAlone() throws IOException {
    Path images = folder.resolve("train-images-idx3-ubyte");
    Files.write(images, TestData.idxImages(digits));
    Files.write(folder.resolve("train-labels-idx1-ubyte"), TestData.idxLabels(digits));
    assertReads(digits, folder);
    assertReads(digits.unlabelled(), images);
    assertTrue(DataPath.test(folder).isEmpty());
    ImageSet test = digits.take(3);
    Files.write(folder.resolve("t10k-images.idx3-ubyte"), TestData.idxImages(test));
    Files.write(folder.resolve("t10k-labels.idx1-ubyte"), TestData.idxLabels(test));
    assertEquals(test.fingerprint(), DataPath.test(folder).orElseThrow().fingerprint());
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
