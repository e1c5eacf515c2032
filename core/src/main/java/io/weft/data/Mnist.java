package io.weft.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * MNIST, or another set that comes in its four files (Fashion-MNIST, KMNIST): 28x28 grey, 256
 * levels, 10 classes. A folder holds the files under their usual names, plain or gzipped, for
 * example {@code train-images-idx3-ubyte.gz}.
 */
public final class Mnist {

  private static final int CLASSES = 10;

  private Mnist() {}

  /**
   * Reads the training images, 60,000 in the original.
   *
   * @param folder holds the two training files
   * @return a labelled set
   * @throws DataFormatException if a file is missing or damaged
   * @throws IOException if reading fails
   */
  public static ImageSet train(Path folder) throws IOException {
    return read(folder, "train");
  }

  /**
   * Reads the test images, 10,000 in the original.
   *
   * @param folder holds the two test files
   * @return a labelled set
   * @throws DataFormatException if a file is missing or damaged
   * @throws IOException if reading fails
   */
  public static ImageSet test(Path folder) throws IOException {
    return read(folder, "t10k");
  }

  private static ImageSet read(Path folder, String part) throws IOException {
    DataFile.requireFolder(folder);
    Path images = find(folder, part + "-images", "idx3-ubyte");
    Path labels = find(folder, part + "-labels", "idx1-ubyte");
    return Idx.labelled(images, labels, CLASSES);
  }

  private static Path find(Path folder, String stem, String type) throws DataFormatException {
    List<String> names =
        Stream.of("-", ".")
            .flatMap(dash -> Stream.of(stem + dash + type, stem + dash + type + ".gz"))
            .toList();
    return names.stream()
        .map(folder::resolve)
        .filter(Files::isRegularFile)
        .findFirst()
        .orElseThrow(
            () ->
                new DataFormatException(
                    folder,
                    "no file of " + stem,
                    "one of " + String.join(", ", names),
                    "Pass the folder that holds MNIST's four files."));
  }
}
