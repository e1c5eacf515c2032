package io.weft.data;

import io.weft.spec.ImageSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Reads IDX, the format of MNIST, plain or gzipped: a magic number (0, 0, type, number of
 * dimensions), the dimensions as big-endian 32-bit numbers, then the values. Only unsigned bytes
 * (type 8) are read: three dimensions for images, one for labels.
 *
 * @see <a href="http://yann.lecun.com/exdb/mnist/">The MNIST database: file formats</a>
 */
public final class Idx {

  private static final long IMAGES = 0x0803;
  private static final long LABELS = 0x0801;

  /** Bytes before the first image. */
  static final int HEADER = 4 * Integer.BYTES;

  private Idx() {}

  /**
   * Reads a file of images.
   *
   * @param file an IDX file of unsigned bytes with three dimensions, plain or gzipped
   * @return an unlabelled set with 1 channel and 256 levels, at least one image
   * @throws DataFormatException if the file is not one, is cut off, goes on after its end, or holds
   *     more than the memory
   * @throws IOException if reading fails
   */
  public static ImageSet images(Path file) throws IOException {
    return DataFile.withinMemory(file, () -> readImages(file));
  }

  private static ImageSet readImages(Path file) throws IOException {
    try (DataFile in = DataFile.open(file)) {
      long count = requireCount(in);
      ImageSpec spec = requireSpec(in, count, Quantiser.MAX_LEVELS);
      // The bounds on the sides keep the product below 2^58.
      byte[] pixels = in.bytes(count * spec.values(), "pixels");
      in.requireEnd();
      return ImageSet.owning(spec, pixels);
    }
  }

  /**
   * Opens a file of images, which may be larger than the memory; see {@link ImageSet#open}.
   *
   * @param file an IDX file of unsigned bytes with three dimensions, not gzipped
   * @return an unlabelled set with 1 channel and 256 levels, at least one image
   * @throws DataFormatException if the file is not one, or is too short or too long for its images
   * @throws IOException if it cannot be opened
   */
  public static ImageSet open(Path file) throws IOException {
    try (DataFile in = DataFile.open(file)) {
      requirePlain(in);
      long count = requireCount(in);
      ImageSpec spec = requireSpec(in, count, Quantiser.MAX_LEVELS);
      return requireAll(in, count, ImageSet.open(file, spec, HEADER));
    }
  }

  /** Refuses what cannot be read from the middle on. */
  static void requirePlain(DataFile in) throws DataFormatException {
    if (in.isPacked()) {
      throw new DataFormatException(
          in.path(), "a gzipped file", "a plain one, which can be opened", "Unpack it (gunzip).");
    }
  }

  /** Returns the images of a file, if they are as many as its header announces. */
  static ImageSet requireAll(DataFile in, long count, ImageSet images) throws DataFormatException {
    if (images.size() != count) {
      throw new DataFormatException(
          in.path(),
          images.size() + " images",
          "the " + count + " that its header announces",
          "The file is cut off or damaged; fetch it again.");
    }
    return images;
  }

  /** As above, with the labels of another file, which are read as {@link #labelled} does. */
  public static ImageSet open(Path images, Path labels) throws IOException {
    return labelled(open(images), images, labels);
  }

  /** Returns whether a file can be opened and has more than so many bytes. */
  static boolean isLarger(Path file, long most) throws IOException {
    try (DataFile in = DataFile.open(file)) {
      return !in.isPacked() && Files.size(file) > most;
    }
  }

  private static long requireCount(DataFile in) throws IOException {
    requireMagic(in, IMAGES, "images");
    return in.unsignedInt("the header");
  }

  /** Reads the sides of images behind their number, for which they are checked too. */
  static ImageSpec requireSpec(DataFile in, long count, int levels) throws IOException {
    long height = in.unsignedInt("the header");
    long width = in.unsignedInt("the header");
    if (count == 0 || !isSide(height) || !isSide(width)) {
      throw new DataFormatException(
          in.path(),
          String.format(Locale.ROOT, "%d images of %dx%d", count, height, width),
          "at least one image, with sides of 1 to " + ImageSpec.MAX_SIDE,
          "The file is damaged or of another kind; fetch it again.");
    }
    return new ImageSpec((int) height, (int) width, 1, levels);
  }

  /**
   * Reads a file of labels.
   *
   * @param file an IDX file of unsigned bytes with one dimension, plain or gzipped
   * @return the labels, each 0 to 255
   * @throws DataFormatException if the file is not one, is cut off, or goes on after its end
   * @throws IOException if reading fails
   */
  public static int[] labels(Path file) throws IOException {
    return DataFile.withinMemory(file, () -> readLabels(file));
  }

  private static int[] readLabels(Path file) throws IOException {
    try (DataFile in = DataFile.open(file)) {
      requireMagic(in, LABELS, "labels");
      byte[] bytes = in.bytes(in.unsignedInt("the header"), "labels");
      in.requireEnd();
      int[] labels = new int[bytes.length];
      for (int i = 0; i < labels.length; i++) {
        labels[i] = bytes[i] & 0xFF;
      }
      return labels;
    }
  }

  /**
   * Reads images with their labels. The classes are the labels that occur, in their order, each
   * named by its number: those of EMNIST's letters are "1" to "26", with the labels 0 to 25 in the
   * set. Models know them by these names, so that a part of the data in which some do not occur is
   * matched all the same.
   *
   * @param images a file for {@link #images}
   * @param labels a file for {@link #labels}, with one label per image
   * @return a labelled set with 1 channel and 256 levels
   * @throws DataFormatException if a file is not what it should be, or the counts differ
   * @throws IOException if reading fails
   */
  public static ImageSet labelled(Path images, Path labels) throws IOException {
    return labelled(images(images), images, labels);
  }

  private static ImageSet labelled(ImageSet set, Path images, Path labels) throws IOException {
    int[] read = labelsOf(set, images, labels);
    int[] classes = IntStream.of(read).distinct().sorted().toArray();
    return set.labelled(
        IntStream.of(read).map(label -> Arrays.binarySearch(classes, label)).toArray(),
        IntStream.of(classes).mapToObj(Integer::toString).toList());
  }

  /**
   * Reads images with their labels, where the number of classes is known.
   *
   * @param images a file for {@link #images}
   * @param labels a file for {@link #labels}, with one label per image
   * @param classes the number of classes, 1 to 256, named by their numbers from 0
   * @return a labelled set with 1 channel and 256 levels
   * @throws DataFormatException if a file is not what it should be, the counts differ, or a label
   *     is not below {@code classes}
   * @throws IOException if reading fails
   */
  public static ImageSet labelled(Path images, Path labels, int classes) throws IOException {
    ImageSet set = images(images);
    int[] read = labelsOf(set, images, labels);
    for (int i = 0; i < read.length; i++) {
      if (read[i] >= classes) {
        throw new DataFormatException(
            labels,
            String.format(Locale.ROOT, "label %d at image %d", read[i], i),
            "0 to " + (classes - 1),
            "The file is damaged, or there are more classes; fetch it again, pass their number, or"
                + " none to take those that occur.");
      }
    }
    return set.labelled(read, classes);
  }

  private static int[] labelsOf(ImageSet set, Path images, Path labels) throws IOException {
    int[] read = labels(labels);
    if (read.length != set.size()) {
      throw new DataFormatException(
          labels,
          read.length + " labels",
          String.format(Locale.ROOT, "one for each of the %d images of %s", set.size(), images),
          "Pass the two files that belong together.");
    }
    return read;
  }

  private static boolean isSide(long side) {
    return side >= 1 && side <= ImageSpec.MAX_SIDE;
  }

  private static void requireMagic(DataFile in, long expected, String what) throws IOException {
    long magic = in.unsignedInt("the header");
    if (magic != expected) {
      throw new DataFormatException(
          in.path(),
          String.format(Locale.ROOT, "magic number 0x%08x", magic),
          String.format(
              Locale.ROOT, "0x%08x, the mark of IDX %s as unsigned bytes", expected, what),
          "Check that this is the file of the " + what + ".");
    }
  }
}
