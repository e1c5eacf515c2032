package io.weft.data;

import io.weft.advice.Advice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The images of one part of a data set and their labels, two IDX files that belong together by
 * their names: MNIST's, {@code train-images-idx3-ubyte.gz} and {@code train-labels-idx1-ubyte.gz},
 * or with a name before them, as EMNIST's are.
 */
record IdxFiles(Path images, Path labels) {

  /** Parts of data sets, as file names call them. */
  enum Part {
    TRAIN("train"),
    TEST("t10k|test");

    private final Pattern images;

    Part(String name) {
      images = Pattern.compile("(.*?)(?:" + name + ")-images[-.]idx3-ubyte(?:\\.gz)?");
    }
  }

  private static final String EITHER =
      ".*?(train|t10k|test)-(images|labels)[-.]idx[13]-ubyte(\\.gz)?";

  private static final Pattern IMAGES = Pattern.compile("(.*)images[-.]idx3-ubyte(?:\\.gz)?");

  /** Returns whether a folder has files with such names. */
  static boolean areIn(Path folder) throws IOException {
    return !named(folder, Pattern.compile(EITHER)).isEmpty();
  }

  /** Returns whether a folder has the images of a part. */
  static boolean areIn(Path folder, Part part) throws IOException {
    return !named(folder, part.images).isEmpty();
  }

  /**
   * Finds the files of a part.
   *
   * @throws DataFormatException if one is missing, or there are several sets
   */
  static IdxFiles find(Path folder, Part part) throws IOException {
    DataFile.requireFolder(folder);
    List<Path> found = named(folder, part.images);
    List<String> sets = found.stream().map(file -> set(part, file)).distinct().toList();
    if (sets.isEmpty()) {
      throw new DataFormatException(
          folder,
          "no images to " + (part == Part.TRAIN ? "train on" : "test on"),
          part == Part.TRAIN ? "train-images-idx3-ubyte.gz" : "t10k-images-idx3-ubyte.gz",
          Advice.FETCH_MNIST);
    }
    if (sets.size() > 1) {
      throw new DataFormatException(
          folder,
          "the files of several sets: " + String.join(", ", sets),
          "those of one",
          "Give the path of one file of images.");
    }
    Path images = found.get(0);
    return beside(images)
        .orElseThrow(
            () ->
                new DataFormatException(
                    folder,
                    "no labels for " + images.getFileName(),
                    labelNames(images).get(0),
                    "Fetch that file too; or give the path of the images to have them without"
                        + " labels."));
  }

  private static String set(Part part, Path file) {
    Matcher name = part.images.matcher(file.getFileName().toString());
    return name.matches() ? name.group(1) : "";
  }

  /** Returns images and their labels, if these lie beside them. */
  static Optional<IdxFiles> beside(Path images) {
    return labelNames(images).stream()
        .map(images::resolveSibling)
        .filter(Files::isRegularFile)
        .findFirst()
        .map(labels -> new IdxFiles(images, labels));
  }

  private static List<String> labelNames(Path images) {
    Matcher name = IMAGES.matcher(String.valueOf(images.getFileName()));
    if (!name.matches()) {
      return List.of();
    }
    String stem = name.group(1) + "labels";
    return Stream.of("-", ".")
        .flatMap(dash -> Stream.of("", ".gz").map(end -> stem + dash + "idx1-ubyte" + end))
        .toList();
  }

  private static List<Path> named(Path folder, Pattern pattern) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(file -> pattern.matcher(file.getFileName().toString()).matches())
          .sorted()
          .toList();
    }
  }
}
