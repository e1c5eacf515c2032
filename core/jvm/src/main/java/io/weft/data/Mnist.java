package io.weft.data;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/**
 * MNIST, or another set that comes in its four files (Fashion-MNIST, KMNIST): 28x28 grey, 256
 * levels, 10 classes; for other classes, such as EMNIST's, see {@link DataPath}. A folder holds the
 * files under their usual names, plain or gzipped, for example {@code train-images-idx3-ubyte.gz}.
 */
public final class Mnist {

  private static final int CLASSES = 10;

  /** A public mirror of the four original files. */
  public static final URI MIRROR = URI.create("https://ossci-datasets.s3.amazonaws.com/mnist/");

  /** SHA-256 of the original files. */
  private static final Map<String, String> CHECKSUMS =
      Map.of(
          "train-images-idx3-ubyte.gz",
          "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
          "train-labels-idx1-ubyte.gz",
          "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
          "t10k-images-idx3-ubyte.gz",
          "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
          "t10k-labels-idx1-ubyte.gz",
          "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6");

  private Mnist() {}

  /**
   * Fetches what is missing of MNIST's four files, 11.6 MB in all, and checks each against the
   * checksum of the original.
   *
   * @param mirror the address that the file names are appended to, for example {@link #MIRROR}
   * @param folder where to; made if missing
   * @return the folder, ready for {@link #train} and {@link #test}
   * @throws DataFormatException if a file, old or new, is not the original
   * @throws IOException if the mirror cannot be reached or refuses
   */
  public static Path download(URI mirror, Path folder) throws IOException {
    String base = mirror.toString();
    String slash = base.endsWith("/") ? "" : "/";
    for (String name : new TreeSet<>(CHECKSUMS.keySet())) {
      String checksum = Objects.requireNonNull(CHECKSUMS.get(name));
      new DataDownload().fetch(URI.create(base + slash + name), checksum, folder.resolve(name));
    }
    return folder;
  }

  /**
   * Reads the training images, 60,000 in the original.
   *
   * @param folder holds the two training files
   * @return a labelled set
   * @throws DataFormatException if a file is missing or damaged
   * @throws IOException if reading fails
   */
  public static ImageSet train(Path folder) throws IOException {
    return read(folder, IdxFiles.Part.TRAIN);
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
    return read(folder, IdxFiles.Part.TEST);
  }

  private static ImageSet read(Path folder, IdxFiles.Part part) throws IOException {
    IdxFiles files = IdxFiles.find(folder, part);
    return Idx.labelled(files.images(), files.labels(), CLASSES);
  }
}
