package io.weft.data;

import io.weft.internal.thread.Interruption;
import io.weft.spec.ImageSpec;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Reads the binary version of CIFAR-10: 32x32 colour, 256 levels, 10 classes. A file is a row of
 * records of 3073 bytes: the label, then 1024 red, 1024 green and 1024 blue values.
 *
 * @see <a href="https://www.cs.toronto.edu/~kriz/cifar.html">The CIFAR-10 dataset</a>
 */
public final class Cifar10 {

  /** What the labels 0 to 9 stand for. */
  public static final List<String> CLASS_NAMES =
      List.of(
          "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");

  private static final ImageSpec SPEC = new ImageSpec(32, 32, 3, Quantiser.MAX_LEVELS);
  private static final int RECORD = 1 + SPEC.values();

  private static final RecordLayout IMAGES =
      new RecordLayout(
          0,
          RECORD,
          1,
          RecordLayout.Kind.U8,
          ByteOrder.BIG_ENDIAN,
          RecordLayout.Axes.CHANNEL_FIRST);

  /** A record's label as an image of one value. */
  private static final ImageSpec LABEL = new ImageSpec(1, 1, 1, Quantiser.MAX_LEVELS);

  private static final RecordLayout LABELS =
      new RecordLayout(
          0, RECORD, 0, RecordLayout.Kind.U8, ByteOrder.BIG_ENDIAN, RecordLayout.Axes.CHANNEL_LAST);

  private static final int MAX_RECORDS = DataFile.MAX_ARRAY / SPEC.values();

  private Cifar10() {}

  /**
   * Reads one file of records.
   *
   * @param file for example {@code data_batch_1.bin}
   * @return a labelled set, at least one image
   * @throws DataFormatException if the length is no multiple of 3073, or a label is above 9
   * @throws IOException if reading fails
   */
  public static ImageSet file(Path file) throws IOException {
    return DataFile.withinMemory(file, () -> files(List.of(file)));
  }

  /**
   * Reads the training images, 50,000 in the original.
   *
   * @param folder holds {@code data_batch_1.bin} and so on; those that are there are read, in order
   * @return a labelled set
   * @throws DataFormatException if none is there, or one is damaged
   * @throws IOException if reading fails
   */
  public static ImageSet train(Path folder) throws IOException {
    return folder(folder, "data_batch_[1-5]\\.bin", "data_batch_1.bin to data_batch_5.bin");
  }

  /**
   * Reads the test images, 10,000 in the original.
   *
   * @param folder holds {@code test_batch.bin}
   * @return a labelled set
   * @throws DataFormatException if it is not there, or damaged
   * @throws IOException if reading fails
   */
  public static ImageSet test(Path folder) throws IOException {
    return folder(folder, "test_batch\\.bin", "test_batch.bin");
  }

  /**
   * Opens files of records, of which the labels alone are read: they may be larger than the memory;
   * see {@link ImageSet#open}.
   *
   * @param files for example {@code data_batch_1.bin}; at least one
   * @return a labelled set, the files' images one after the other
   * @throws DataFormatException if the length of one is no multiple of 3073, or a label is above 9
   * @throws IOException if one cannot be opened
   */
  public static ImageSet open(List<Path> files) throws IOException {
    List<ImageSet> sets = new ArrayList<>();
    for (Path file : files) {
      int count = requireCount(file);
      ImageSet images = ImageSet.in(SPEC, new FileStore(file, SPEC, IMAGES, count));
      ImageStore labels = new FileStore(file, LABEL, LABELS, count);
      int[] read = new int[count];
      for (int image = 0; image < count; image++) {
        Interruption.check();
        read[image] = requireLabel(file, labels.level(image, 0), image);
      }
      sets.add(images.labelled(read, CLASS_NAMES));
    }
    return ImageSet.joined(sets);
  }

  /** Reads what is to be trained on, or opens it if it has more than so many values. */
  static ImageSet train(Path folder, long most) throws IOException {
    List<Path> files = matching(folder, "data_batch_[1-5]\\.bin");
    return isLarger(files, most) ? open(files) : train(folder);
  }

  /** Reads a file, or opens it if it has more than so many values. */
  static ImageSet file(Path file, long most) throws IOException {
    return isLarger(List.of(file), most) ? open(List.of(file)) : file(file);
  }

  private static boolean isLarger(List<Path> files, long most) throws IOException {
    long bytes = 0;
    for (Path file : files) {
      bytes += Files.isRegularFile(file) ? Files.size(file) : 0;
    }
    return bytes > most;
  }

  private static ImageSet folder(Path folder, String pattern, String expected) throws IOException {
    DataFile.requireFolder(folder);
    List<Path> files = matching(folder, pattern);
    if (files.isEmpty()) {
      throw new DataFormatException(
          folder, "no such file", expected, "Pass the unpacked folder of the binary version.");
    }
    return DataFile.withinMemory(folder, () -> files(files));
  }

  private static List<Path> matching(Path folder, String pattern) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(file -> file.getFileName().toString().matches(pattern))
          .sorted()
          .toList();
    }
  }

  private static ImageSet files(List<Path> files) throws IOException {
    List<byte[]> parts = new ArrayList<>();
    int records = 0;
    for (Path file : files) {
      byte[] part = records(file);
      parts.add(part);
      records += part.length / RECORD;
      if (records > MAX_RECORDS) {
        throw new DataFormatException(
            file, "more than " + MAX_RECORDS + " images", "at most so many", "Use fewer at once.");
      }
    }
    byte[] pixels = new byte[records * SPEC.values()];
    int[] labels = new int[records];
    int image = 0;
    for (byte[] part : parts) {
      for (int start = 0; start < part.length; start += RECORD) {
        labels[image] = part[start];
        interleave(part, start + 1, pixels, image * SPEC.values());
        image++;
      }
    }
    return ImageSet.owning(SPEC, pixels).labelled(labels, CLASS_NAMES);
  }

  private static byte[] records(Path file) throws IOException {
    int count = requireCount(file);
    byte[] bytes;
    try (DataFile in = DataFile.open(file)) {
      bytes = in.bytes((long) count * RECORD, "records");
      in.requireEnd();
    }
    for (int image = 0; image < count; image++) {
      requireLabel(file, bytes[image * RECORD] & 0xFF, image);
    }
    return bytes;
  }

  private static int requireCount(Path file) throws IOException {
    DataFile.requireFile(file);
    long length = Files.size(file);
    if (length == 0 || length % RECORD != 0 || length / RECORD > Integer.MAX_VALUE) {
      throw new DataFormatException(
          file,
          length + " bytes",
          "a multiple of " + RECORD + " (a label and 3072 values per image)",
          "Use the binary version of CIFAR-10, not the one for Python or Matlab; or fetch it"
              + " again.");
    }
    return (int) (length / RECORD);
  }

  private static int requireLabel(Path file, int label, int image) throws DataFormatException {
    if (label >= CLASS_NAMES.size()) {
      throw new DataFormatException(
          file,
          String.format(Locale.ROOT, "label %d at image %d", label, image),
          "0 to " + (CLASS_NAMES.size() - 1),
          "The file is damaged or of another kind (CIFAR-100?); fetch it again.");
    }
    return label;
  }

  /** From one plane per channel to the channel last. */
  private static void interleave(byte[] planes, int from, byte[] pixels, int to) {
    int plane = SPEC.pixels();
    for (int pixel = 0; pixel < plane; pixel++) {
      for (int channel = 0; channel < SPEC.channels(); channel++) {
        pixels[to + pixel * SPEC.channels() + channel] = planes[from + channel * plane + pixel];
      }
    }
  }
}
