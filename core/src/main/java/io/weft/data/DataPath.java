package io.weft.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads images from a path whose kind the caller does not know, told by names:
 *
 * <ul>
 *   <li>a folder with MNIST's files: {@link Mnist};
 *   <li>a folder with {@code data_batch_1.bin} and the like: {@link Cifar10};
 *   <li>any other folder: {@link ImageFolder}, with its defaults;
 *   <li>a file that ends in {@code .bin}: {@link Cifar10#file};
 *   <li>any other file: {@link Idx#images}.
 * </ul>
 */
public final class DataPath {

  private static final String MNIST = "(train|t10k)-(images|labels)[-.]idx[13]-ubyte(\\.gz)?";
  private static final String MNIST_TEST = "t10k-images[-.]idx3-ubyte(\\.gz)?";
  private static final String CIFAR = "(data_batch_[1-5]|test_batch)\\.bin";
  private static final String CIFAR_TEST = "test_batch\\.bin";

  private static final String ANY_BINARY = "(?i).*\\.bin";
  private static final String ANY_PICTURE = "(?i).*\\.(png|jpe?g)";

  private DataPath() {}

  /**
   * Reads the images to train on: where there is a training and a test part, the former.
   *
   * @param path a file or a folder
   * @return a set with 256 levels, labelled where the data are
   * @throws DataFormatException if the path is none of these, or damaged
   * @throws IOException if reading fails
   */
  public static ImageSet train(Path path) throws IOException {
    if (holds(path, MNIST)) {
      return Mnist.train(path);
    }
    if (holds(path, CIFAR)) {
      return Cifar10.train(path);
    }
    if (Files.isDirectory(path)) {
      refuseOtherBinaries(path);
      return ImageFolder.at(path).read();
    }
    return path.toString().toLowerCase(Locale.ROOT).endsWith(".bin")
        ? Cifar10.file(path)
        : Idx.images(path);
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
    if (holds(path, MNIST_TEST)) {
      return Optional.of(Mnist.test(path));
    }
    if (holds(path, CIFAR_TEST)) {
      return Optional.of(Cifar10.test(path));
    }
    return Optional.empty();
  }

  /** CIFAR-10 under names of one's own is a file to point at, not a folder without pictures. */
  private static void refuseOtherBinaries(Path folder) throws IOException {
    if (holds(folder, ANY_BINARY) && !holds(folder, ANY_PICTURE)) {
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
