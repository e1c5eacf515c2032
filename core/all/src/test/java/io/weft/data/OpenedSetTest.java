package io.weft.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.image.Picture;
import io.weft.model.PixelCnn;
import io.weft.spec.ImageSpec;
import io.weft.testing.SavedModels;
import io.weft.testing.SlowChecks;
import io.weft.train.TrainingOptions;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What is opened is what would have been read, but for where it lies. */
class OpenedSetTest {

  private static final ImageSet DIGITS = EmbeddedDigits.count(40).size(8).seed(1).grey();

  @TempDir Path folder;

  private Path file(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private ImageSet opened() throws IOException {
    return Idx.open(
        file("images", TestData.idxImages(DIGITS)), file("labels", TestData.idxLabels(DIGITS)));
  }

  @Test
  void anOpenedSetIsTheOneThatIsRead() throws IOException {
    ImageSet read =
        Idx.labelled(file("i", TestData.idxImages(DIGITS)), file("l", TestData.idxLabels(DIGITS)));
    ImageSet opened = opened();
    assertEquals(read.toString(), opened.toString());
    assertEquals(read.fingerprint(), opened.fingerprint());
    assertEquals(read.classNames(), opened.classNames());
    assertEquals(read.level(7, 3, 4, 0), opened.level(7, 3, 4, 0));
    int[] some = {39, 0, 0, 5};
    List<UnaryOperator<ImageSet>> changes =
        List.of(
            set -> set.select(some),
            set -> set.quantised(4),
            set -> set.fitted(Fit.centre(5, 5)),
            set -> set.select(some).fitted(Fit.random(6, 3, 4)).quantised(16),
            set -> set.binarised(Binarisation.fixed(2)),
            set -> set.split(0.2, 3).train().varied(Augmentation.shifted(1, 0, 3)),
            set -> set.ofClass(3).unlabelled(),
            set -> set.binarised(Binarisation.threshold()).asLevels(5));
    for (var change : changes) {
      ImageSet expected = change.apply(read);
      ImageSet found = change.apply(opened);
      assertEquals(expected.fingerprint(), found.fingerprint());
      assertEquals(expected.level(1, 1, 2, 0), found.level(1, 1, 2, 0));
    }
    assertEquals(Baselines.of(read, read.take(3)), Baselines.of(opened, opened.take(3)));
  }

  @Test
  void openedRecordsOfCifarAreThoseThatAreRead() throws IOException {
    SplittableRandom random = new SplittableRandom(5);
    for (int part = 1; part <= 2; part++) {
      byte[] records = new byte[3 * 3073];
      random.nextBytes(records);
      for (int image = 0; image < 3; image++) {
        records[image * 3073] = (byte) (image + 4 * part);
      }
      records[2 * 3073] = (byte) part;
      file("data_batch_" + part + ".bin", records);
    }
    ImageSet read = DataPath.train(folder);
    ImageSet opened = DataPath.train(folder, pictures -> pictures, 10_000);
    assertFalse(opened.isInMemory());
    assertEquals(read.toString(), opened.toString());
    assertEquals(read.fingerprint(), opened.fingerprint());
    assertEquals(read.level(4, 31, 7, 2), opened.level(4, 31, 7, 2));
    assertEquals(List.of(4, 5, 1, 8, 9, 2), IntStream.range(0, 6).mapToObj(opened::label).toList());
    Path file = folder.resolve("data_batch_2.bin");
    assertEquals(
        read.slice(3, 6).fingerprint(),
        DataPath.train(file, pictures -> pictures, 9_000).fingerprint());
    byte[] bad = Files.readAllBytes(file);
    bad[3073] = 77;
    Files.write(file, bad);
    assertEquals(
        assertThrows(DataFormatException.class, () -> Cifar10.file(file)).getMessage(),
        assertThrows(DataFormatException.class, () -> Cifar10.open(List.of(file))).getMessage());
  }

  @Test
  void openedLevelsBeyondAByteTakeTwo() throws IOException {
    ImageSpec form = new ImageSpec(1, 2, 1, 8192);
    ImageSet images = ImageSet.of(form, new int[] {0, 8191, 300, 7});
    Path array = folder.resolve("codes.npy");
    NumpyFile.write(array, images);
    ImageSet opened = ImageSet.open(array, form, Files.size(array) - 8);
    assertEquals(images.fingerprint(), opened.fingerprint());
    assertEquals(8191, opened.level(0, 0, 1, 0));
    ImageSet fewer = ImageSet.open(array, new ImageSpec(1, 2, 1, 300), Files.size(array) - 8);
    assertTrue(
        assertThrows(UncheckedIOException.class, () -> fewer.image(0))
            .getMessage()
            .contains("found level 8191 at image 0; expected 0 to 299"));
  }

  @Test
  void trainingOnAnOpenedSetGivesTheSameBits() throws IOException {
    ImageSet opened = opened().quantised(4);
    TrainingOptions options = TrainingOptions.seed(3).epochs(2).batch(7).build();
    try (Model expected = Model.initial(PixelCnn.of(opened.spec(), 1, 4, 3), 1);
        Model found = Model.initial(PixelCnn.of(opened.spec(), 1, 4, 3), 1)) {
      expected.train(Examples.of(DIGITS.quantised(4)), options);
      found.train(Examples.of(opened.unlabelled()), TrainingOptions.seed(3).batch(7).build());
      found.resume(Examples.of(opened.unlabelled()), options);
      SavedModels.assertSame(expected.snapshot(), found.snapshot());
    }
  }

  @Test
  void whatCannotBeOpenedIsRefused() throws IOException {
    Path packed = file("p", TestData.gzip(TestData.idxImages(DIGITS)));
    assertTrue(
        assertThrows(DataFormatException.class, () -> Idx.open(packed))
            .getMessage()
            .endsWith(
                "found a gzipped file; expected a plain one, which can be opened. Unpack it (gunzip)."));
    byte[] whole = TestData.idxImages(DIGITS);
    Path cut = file("c", Arrays.copyOf(whole, whole.length - 64));
    assertTrue(
        assertThrows(DataFormatException.class, () -> Idx.open(cut))
            .getMessage()
            .contains("found 39 images; expected the 40 that its header announces"));
    Path torn = file("t", new byte[65]);
    assertTrue(
        assertThrows(
                DataFormatException.class,
                () -> ImageSet.open(torn, new ImageSpec(8, 8, 1, 256), 0))
            .getMessage()
            .contains("found 65 bytes from byte 0 on; expected a whole number of images"));
    ImageSet few = ImageSet.open(file("f", new byte[] {1, 2, 3, 7}), new ImageSpec(1, 2, 1, 4), 0);
    assertArrayEquals(new int[] {1, 2}, few.image(0));
    assertTrue(
        assertThrows(UncheckedIOException.class, () -> few.image(1))
            .getMessage()
            .contains("found level 7 at image 1; expected 0 to 3"));
  }

  @Test
  void joinedSetsAreOneAfterTheOther() throws IOException {
    ImageSet cats =
        DIGITS
            .take(3)
            .labelled(new int[] {0, 1, 0}, List.of("cat", "elk"))
            .fromFiles(List.of("a", "b", "c"));
    ImageSet dogs = opened().slice(3, 5).labelled(new int[] {1, 0}, List.of("dog", "cat"));
    ImageSet all = ImageSet.joined(List.of(cats, dogs.take(0), dogs));
    assertEquals(List.of("cat", "elk", "dog"), all.classNames());
    assertEquals(List.of(0, 1, 0, 0, 2), IntStream.range(0, 5).mapToObj(all::label).toList());
    assertEquals("c", all.file(2).orElseThrow());
    assertTrue(all.file(3).isEmpty());
    assertEquals(DIGITS.take(5).unlabelled().fingerprint(), all.unlabelled().fingerprint());
    assertEquals("b", all.select(3, 1).quantised(2).file(1).orElseThrow());
    assertThrows(
        IllegalArgumentException.class, () -> ImageSet.joined(List.of(cats, DIGITS.unlabelled())));
    assertThrows(
        IllegalArgumentException.class,
        () -> ImageSet.joined(List.of(DIGITS, DIGITS.quantised(2))));
  }

  private void write(String name, int height, int width, int channels, long seed)
      throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    Picture.of(height, width, channels, (row, column, channel) -> random.nextInt(256))
        .writePng(folder.resolve(name));
  }

  private ImageFolder pictures() throws IOException {
    for (int i = 0; i < 40; i++) {
      write("cat/" + i + ".png", 9 + i % 5, 8 + i % 3, i == 30 ? 3 : 1, i);
      write("elk/" + i + ".png", 8, 12, 1, 100 + i);
    }
    return ImageFolder.at(folder).fitted(Fit.random(8, 8, 3));
  }

  @Test
  void anOpenedFolderIsTheOneThatIsRead() throws IOException {
    ImageSet read = pictures().read();
    ImageSet opened = pictures().open();
    assertEquals("80 images of 8x8x3, 256 levels, 2 classes", opened.toString());
    assertEquals(read.fingerprint(), opened.fingerprint());
    assertEquals(
        read.split(0.3, 1).train().fingerprint(), opened.split(0.3, 1).train().fingerprint());
    assertEquals(read.file(77), opened.file(77));
    assertEquals(read.level(77, 1, 2, 1), opened.level(77, 1, 2, 1));
    ImageSet grey = pictures().grey().open().quantised(4);
    TrainingOptions options = TrainingOptions.seed(3).epochs(2).batch(7).build();
    try (Model expected = Model.initial(PixelCnn.of(grey.spec(), 1, 4, 3), 1);
        Model found = Model.initial(PixelCnn.of(grey.spec(), 1, 4, 3), 1)) {
      Examples in = Examples.of(pictures().grey().read().quantised(4));
      expected.train(in.varied(Augmentation.mirrored(5)), options);
      found.train(Examples.of(grey).varied(Augmentation.mirrored(5)), options);
      SavedModels.assertSame(expected.snapshot(), found.snapshot());
    }
  }

  @Test
  void largeDataAreOpenedUnasked() throws IOException {
    pictures();
    Path idx = file("train-images-idx3-ubyte", TestData.idxImages(DIGITS));
    file("train-labels-idx1-ubyte", TestData.idxLabels(DIGITS));
    for (Path path : List.of(folder.resolve("elk"), folder, idx)) {
      ImageSet read = DataPath.train(path);
      ImageSet opened = DataPath.train(path, pictures -> pictures, 2_000);
      assertTrue(read.isInMemory(), "" + path);
      assertFalse(opened.isInMemory(), "" + path);
      assertEquals(read.fingerprint(), opened.fingerprint());
      assertEquals(read.classNames(), opened.classNames());
    }
  }

  @Test
  void openingRefusesWhatReadingRefuses() throws IOException {
    write("a.png", 8, 8, 1, 1);
    write("b.png", 8, 9, 1, 2);
    ImageFolder sizes = ImageFolder.at(folder);
    assertEquals(
        assertThrows(DataFormatException.class, sizes::read).getMessage(),
        assertThrows(DataFormatException.class, sizes::open).getMessage());
    write("b.png", 8, 8, 4, 2);
    assertEquals(
        assertThrows(DataFormatException.class, sizes::read).getMessage(),
        assertThrows(DataFormatException.class, sizes::open).getMessage());
  }

  @Test
  void aPictureThatChangesIsNotTrainedOn() throws IOException {
    write("a.png", 8, 8, 1, 1);
    write("b.png", 8, 8, 1, 2);
    ImageSet opened = ImageFolder.at(folder).open();
    write("b.png", 8, 8, 1, 3);
    String changed = "b.png: found another picture than before";
    assertTrue(
        assertThrows(UncheckedIOException.class, () -> opened.image(1))
            .getMessage()
            .contains(changed));
    try (Model model = Model.initial(PixelCnn.of(opened.spec(), 1, 4, 3), 1)) {
      TrainingOptions options = TrainingOptions.seed(1).build();
      var failure =
          assertThrows(UncheckedIOException.class, () -> model.train(Examples.of(opened), options));
      assertTrue(failure.getMessage().contains(changed));
      Files.delete(folder.resolve("a.png"));
      assertThrows(UncheckedIOException.class, () -> opened.image(0));
      write("b.png", 8, 8, 1, 2);
      model.train(Examples.of(opened.select(1)), options);
    }
  }

  @Test
  void aFileThatIsCutOffMeanwhileIsRefusedWhereItEnds() throws IOException {
    Path path = file("f", new byte[] {1, 2, 3, 0});
    ImageSet images = ImageSet.open(path, new ImageSpec(1, 2, 1, 4), 0);
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(3);
    }
    assertArrayEquals(new int[] {1, 2}, images.image(0));
    for (Executable use :
        List.<Executable>of(() -> images.image(1), () -> images.level(1, 0, 0, 0))) {
      UncheckedIOException cut = assertThrows(UncheckedIOException.class, use);
      assertEquals(
          path
              + ": found the end of the file in image 1; expected the 2 images that were there when"
              + " it was opened. Leave the file alone while it is in use, and begin anew.",
          cut.getMessage());
      assertInstanceOf(DataFormatException.class, cut.getCause());
    }
    assertArrayEquals(new int[] {1, 2}, images.image(0));
  }

  /** As a channel would not be. */
  @Test
  void whoIsInterruptedLeavesTheFileOpenToOthers() throws IOException {
    ImageSet images =
        ImageSet.open(file("f", new byte[] {1, 2, 3, 0}), new ImageSpec(1, 2, 1, 4), 0);
    Thread.currentThread().interrupt();
    assertArrayEquals(new int[] {3, 0}, images.image(1));
    assertTrue(Thread.interrupted());
    assertEquals(2, images.level(0, 0, 1, 0));
  }

  /** ImageNet at 32x32 has 1,281,149 training images: 3.9 GB, of which here most are no blocks. */
  @Test
  void aSetLargerThanTheMemoryTrains() throws IOException {
    ImageSpec form = new ImageSpec(32, 32, 3, 256);
    int count = 1_281_149;
    Path large = folder.resolve("large");
    try (RandomAccessFile out = new RandomAccessFile(large.toFile(), "rw")) {
      out.setLength((long) count * form.values());
      SplittableRandom random = new SplittableRandom(1);
      for (int image : new int[] {0, 349_525, 700_000, count - 1}) {
        byte[] bytes = new byte[form.values()];
        random.nextBytes(bytes);
        out.seek((long) image * form.values());
        out.write(bytes);
      }
    }
    long before = TestData.allocated();
    ImageSet images = ImageSet.open(large, form, 0);
    assertEquals(count, images.size());
    SplittableRandom random = new SplittableRandom(1);
    for (int image : new int[] {0, 349_525, 700_000, count - 1}) {
      byte[] expected = new byte[form.values()];
      random.nextBytes(expected);
      byte[] found = new byte[form.values()];
      images.copyImage(image, found, 0);
      assertArrayEquals(expected, found, "image " + image);
    }
    int trained = SlowChecks.times(2_000, count);
    int[] spread =
        LongStream.range(0, trained).mapToInt(i -> (int) (i * count / trained)).toArray();
    ImageSet small = images.select(spread).fitted(Fit.centre(4, 4)).quantised(4);
    try (Model model = Model.initial(PixelCnn.of(small.spec(), 1, 4, 3), 1)) {
      model.train(Examples.of(small), TrainingOptions.seed(1).batch(250).build());
      assertEquals((trained + 249) / 250, model.snapshot().steps());
    }
    long allocated = TestData.allocated() - before;
    assertTrue(allocated < 200L << 20 || trained == count, "allocates the set");
  }
}
