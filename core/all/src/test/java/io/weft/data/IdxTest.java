package io.weft.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.spec.ImageSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxTest {

  @TempDir Path folder;

  private Path file(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private String refusal(byte[] images) throws IOException {
    Path file = file("images", images);
    String message = assertThrows(DataFormatException.class, () -> Idx.images(file)).getMessage();
    assertTrue(message.startsWith(file.toString()), message);
    return message;
  }

  @Test
  void whatIsWrittenIsReadPlainAndGzipped() throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    for (int round = 0; round < 30; round++) {
      ImageSpec spec = new ImageSpec(random.nextInt(1, 12), random.nextInt(1, 12), 1, 256);
      int count = random.nextInt(1, 9);
      ImageSet set =
          TestData.random(random, count, spec).labelled(random.ints(count, 0, 7).toArray(), 7);
      Path images = file("i", TestData.idxImages(set));
      Path labels = file("l", TestData.gzip(TestData.idxLabels(set)));
      assertEquals(set.fingerprint(), Idx.labelled(images, labels, 7).fingerprint());
      Path zipped = file("i.gz", TestData.gzip(TestData.idxImages(set)));
      assertEquals(set.unlabelled().fingerprint(), Idx.images(zipped).fingerprint());
    }
  }

  @Test
  void aWrongMagicNumberIsNamed() throws IOException {
    String message = refusal(TestData.idx(0x801, new int[] {4}, new byte[4]));
    assertTrue(message.contains("found magic number 0x00000801; expected 0x00000803"), message);
    Path images = file("x", TestData.idx(0x803, new int[] {1, 1, 1}, new byte[1]));
    assertThrows(DataFormatException.class, () -> Idx.labels(images));
  }

  @Test
  void tooShortAndTooLongAreTold() throws IOException {
    String cut = refusal(TestData.idx(0x803, new int[] {2, 3, 3}, new byte[17]));
    assertTrue(cut.contains("expected 18 bytes of pixels"), cut);
    String zippedCut =
        refusal(TestData.gzip(TestData.idx(0x803, new int[] {2, 3, 3}, new byte[17])));
    assertTrue(zippedCut.contains("the end of the file after 17 of them"), zippedCut);
    String more = refusal(TestData.idx(0x803, new int[] {2, 3, 3}, new byte[19]));
    assertTrue(more.contains("more bytes after the 34"), more);
    refusal(new byte[0]);
    refusal(new byte[] {0, 0, 8});
    refusal(new byte[] {0x1F, (byte) 0x8B});
  }

  @Test
  void absurdHeadersAreRefusedBeforeAnythingIsAllocated() throws IOException {
    int huge = Integer.MAX_VALUE;
    refusal(TestData.idx(0x803, new int[] {huge, 4096, 4096}, new byte[10]));
    refusal(TestData.gzip(TestData.idx(0x803, new int[] {huge, 1, 1}, new byte[10])));
    refusal(TestData.idx(0x803, new int[] {1, huge, huge}, new byte[10]));
    refusal(TestData.idx(0x803, new int[] {-1, -1, -1}, new byte[10]));
    refusal(TestData.idx(0x803, new int[] {0, 28, 28}, new byte[0]));
    refusal(TestData.idx(0x803, new int[] {5, 0, 28}, new byte[0]));
    Path labels = file("l", TestData.idx(0x801, new int[] {-1}, new byte[10]));
    assertThrows(DataFormatException.class, () -> Idx.labels(labels));
  }

  @Test
  void labelsMustFitTheImages() throws IOException {
    Path images = file("i", TestData.idx(0x803, new int[] {2, 1, 1}, new byte[2]));
    Path three = file("three", TestData.idx(0x801, new int[] {3}, new byte[3]));
    Path high = file("high", TestData.idx(0x801, new int[] {2}, new byte[] {0, 10}));
    String counts =
        assertThrows(DataFormatException.class, () -> Idx.labelled(images, three, 10)).getMessage();
    assertTrue(counts.contains("found 3 labels; expected one for each of the 2"), counts);
    String range =
        assertThrows(DataFormatException.class, () -> Idx.labelled(images, high, 10)).getMessage();
    assertTrue(range.contains("label 10 at image 1"), range);
    assertThrows(DataFormatException.class, () -> Idx.labelled(images, three));
    assertEquals(List.of("0", "10"), Idx.labelled(images, high).classNames());
    assertEquals(1, Idx.labelled(images, high).label(1));
  }

  @Test
  void aMissingFileOrAFolderIsTold() {
    assertThrows(DataFormatException.class, () -> Idx.images(folder.resolve("none")));
    assertThrows(DataFormatException.class, () -> Idx.images(folder));
    assertThrows(DataFormatException.class, () -> Mnist.train(folder.resolve("none")));
    String message =
        assertThrows(DataFormatException.class, () -> Mnist.train(folder)).getMessage();
    assertTrue(message.contains("train-images-idx3-ubyte.gz"), message);
  }

  @Test
  void mnistIsFoundUnderItsNames() throws IOException {
    ImageSet set = EmbeddedDigits.count(20).grey();
    file("train-images-idx3-ubyte.gz", TestData.gzip(TestData.idxImages(set)));
    file("train-labels-idx1-ubyte", TestData.idxLabels(set));
    file("t10k-images.idx3-ubyte", TestData.idxImages(set.take(5)));
    file("t10k-labels.idx1-ubyte.gz", TestData.gzip(TestData.idxLabels(set.take(5))));
    assertEquals(set.fingerprint(), Mnist.train(folder).fingerprint());
    assertEquals(set.take(5).fingerprint(), Mnist.test(folder).fingerprint());
  }

  @Test
  void theRealMnistIsReadWhereItLies() throws IOException {
    Path real = TestData.real("mnist").orElse(null);
    org.junit.jupiter.api.Assumptions.assumeTrue(real != null, "no ../shared/data/mnist");
    ImageSet test = Mnist.test(real);
    assertEquals("10000 images of 28x28x1, 256 levels, 10 classes", test.toString());
    int[] first = new int[8];
    for (int i = 0; i < first.length; i++) {
      first[i] = test.label(i);
    }
    assertArrayEquals(new int[] {7, 2, 1, 0, 4, 1, 4, 9}, first);
    assertEquals(980, test.ofClass(0).size());
    assertEquals(60_000, Mnist.train(real).size());
  }

  @Test
  void damageGivesASetOrADataFormatException() throws IOException {
    SplittableRandom random = new SplittableRandom(4);
    ImageSet set = EmbeddedDigits.count(10).size(8).grey();
    byte[] plain = TestData.idxImages(set);
    byte[] zipped = TestData.gzip(plain);
    int refused = 0;
    for (int round = 0; round < 600; round++) {
      Path file = file("i", TestData.damaged(random, round % 2 == 0 ? plain : zipped));
      try {
        assertTrue(Idx.images(file).size() >= 1);
      } catch (DataFormatException e) {
        refused++;
      }
    }
    assertTrue(refused > 200, refused + " refused");
  }
}
