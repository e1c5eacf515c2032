package io.weft.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Reads images from a path whose kind the caller does not know, told by names:
 *
 * <ul>
 *   <li>a folder with IDX files that are named like MNIST's, or like EMNIST's with a name before
 *       that: {@link Idx#labelled(Path, Path)}, the classes being the labels that occur;
 *   <li>a folder with {@code data_batch_1.bin} and the like: {@link Cifar10};
 *   <li>any other folder: {@link ImageFolder};
 *   <li>a file that is named like a picture: {@link ImageFolder#file};
 *   <li>a file that ends in {@code .bin}: {@link Cifar10#file};
 *   <li>any other file: {@link Idx#images}; of a file {@code ...images-idx3-ubyte} with its labels
 *       where {@code ...labels-idx1-ubyte} lies beside it.
 * </ul>
 *
 * <p>Pictures, CIFAR-10's records and plain IDX files of more than 2^28 values (256 MB) are opened
 * in place of being read, on every machine: the set is the same, but its images are read or decoded
 * whenever they are asked for ({@link ImageFolder#open}, {@link Cifar10#open}, {@link Idx#open}).
 */
public final class DataPath {

  private static final String CIFAR = "(data_batch_[1-5]|test_batch)\\.bin";
  private static final String CIFAR_TEST = "test_batch\\.bin";

  private static final String ANY_BINARY = "(?i).*\\.bin";

  private DataPath() {}

  /**
   * Reads the images to train on: where there is a training and a test part, the former. Pictures
   * are read with the defaults of {@link ImageFolder}.
   *
   * @param path a file or a folder
   * @return a set with 256 levels, labelled where the data are
   * @throws DataFormatException if the path is none of these, or damaged
   * @throws IOException if reading fails
   */
  public static ImageSet train(Path path) throws IOException {
    return train(path, UnaryOperator.identity());
  }

  /**
   * Reads the images to train on: where there is a training and a test part, the former.
   *
   * @param path a file or a folder
   * @param pictures says how pictures are read, if the path leads to some
   * @return a set with 256 levels, labelled where the data are
   * @throws DataFormatException if the path is none of these, or damaged
   * @throws IOException if reading fails
   */
  public static ImageSet train(Path path, UnaryOperator<ImageFolder> pictures) throws IOException {
    return train(path, pictures, RecordLayout.MOST_IN_MEMORY);
  }

  /** As above, opening sets of more values than so many. */
  static ImageSet train(Path path, UnaryOperator<ImageFolder> pictures, long most)
      throws IOException {
    if (IdxFiles.areIn(path)) {
      return labelled(IdxFiles.find(path, IdxFiles.Part.TRAIN), most);
    }
    if (holds(path, CIFAR)) {
      return Cifar10.train(path, most);
    }
    if (Files.isDirectory(path)) {
      refuseOtherBinaries(path);
      return pictures.apply(ImageFolder.at(path)).readUpTo(most);
    }
    if (PictureFile.isNamed(path)) {
      return pictures.apply(ImageFolder.file(path)).read();
    }
    if (path.toString().toLowerCase(Locale.ROOT).endsWith(".bin")) {
      return Cifar10.file(path, most);
    }
    Optional<IdxFiles> labelled = IdxFiles.beside(path);
    return labelled.isPresent() ? labelled(labelled.get(), most) : images(path, most);
  }

  private static ImageSet labelled(IdxFiles files, long most) throws IOException {
    return Idx.isLarger(files.images(), most)
        ? Idx.open(files.images(), files.labels())
        : Idx.labelled(files.images(), files.labels());
  }

  private static ImageSet images(Path file, long most) throws IOException {
    return Idx.isLarger(file, most) ? Idx.open(file) : Idx.images(file);
  }

  /**
   * Reads the images to test on, where the data have such a part.
   *
   * @param path a file or a folder
   * @return MNIST's or CIFAR-10's test images; empty for anything else, or if they are not there
   * @throws DataFormatException if they are damaged
   * @throws IOException if reading fails
   */
  public static Optional<ImageSet> test(Path path) throws IOException {
    if (IdxFiles.areIn(path, IdxFiles.Part.TEST)) {
      return Optional.of(
          labelled(IdxFiles.find(path, IdxFiles.Part.TEST), RecordLayout.MOST_IN_MEMORY));
    }
    if (holds(path, CIFAR_TEST)) {
      return Optional.of(Cifar10.test(path));
    }
    return Optional.empty();
  }

  /** CIFAR-10 under names of one's own is a file to point at, not a folder without pictures. */
  private static void refuseOtherBinaries(Path folder) throws IOException {
    if (holds(folder, ANY_BINARY) && PictureFiles.of(folder).pictures().isEmpty()) {
      throw new DataFormatException(
          folder,
          "a .bin file under a name that is not CIFAR-10's",
          "data_batch_1.bin to data_batch_5.bin or test_batch.bin",
          "Give the path of the file itself, or rename it.");
    }
  }

  private static boolean holds(Path folder, String pattern) throws IOException {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.anyMatch(entry -> entry.getFileName().toString().matches(pattern));
    }
  }
}
