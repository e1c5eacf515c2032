package io.weft.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * The pictures of a place, found by their names alone.
 *
 * @param root the folder from which on files are named
 * @param files each picture, in order
 * @param classes where sub-folders are classes
 * @param notes what was passed over, and what else there will be to say
 */
record PictureList(Path root, List<Path> files, Optional<Classes> classes, ReadingNotes notes) {

  /**
   * The classes of pictures.
   *
   * @param labels of each picture
   * @param names of each class
   */
  record Classes(List<Integer> labels, List<String> names) {}

  /** Returns the list of one picture. */
  static PictureList ofFile(Path picture) {
    Path folder = Objects.requireNonNull(picture.toAbsolutePath().getParent());
    return new PictureList(folder, List.of(picture), Optional.empty(), new ReadingNotes());
  }

  /** Lists a folder of pictures, or of one folder of pictures per class. */
  static PictureList inFolder(Path place) throws IOException {
    DataFile.requireFolder(place);
    ReadingNotes notes = new ReadingNotes();
    PictureFiles here = PictureFiles.of(place);
    notes.add(ReadingNotes.Kind.OTHER_FILES, names(place, here.others()));
    if (here.folders().isEmpty()) {
      requireSome(place, here);
      return new PictureList(place, here.pictures(), Optional.empty(), notes);
    }
    if (!here.pictures().isEmpty()) {
      throw new DataFormatException(
          place,
          String.format(
              Locale.ROOT,
              "pictures (%s) beside folders (%s)",
              here.pictures().get(0).getFileName(),
              here.folders().get(0).getFileName()),
          "only pictures, or only folders of pictures, one per class",
          "Move one of the two away.");
    }
    List<Path> folders =
        here.folders().stream()
            .sorted(Comparator.comparing(PictureList::lastName, NameOrder.BY_NUMBER))
            .toList();
    List<Path> files = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    for (int label = 0; label < folders.size(); label++) {
      PictureFiles ofClass = PictureFiles.of(folders.get(label));
      requireSome(folders.get(label), ofClass);
      notes.add(ReadingNotes.Kind.OTHER_FILES, names(place, ofClass.others()));
      notes.add(ReadingNotes.Kind.DEEPER_FOLDERS, names(place, ofClass.folders()));
      files.addAll(ofClass.pictures());
      for (int i = 0; i < ofClass.pictures().size(); i++) {
        labels.add(label);
      }
    }
    return new PictureList(
        place,
        files,
        Optional.of(new Classes(labels, folders.stream().map(PictureList::lastName).toList())),
        notes);
  }

  private static String lastName(Path path) {
    return path.getFileName().toString();
  }

  private static void requireSome(Path folder, PictureFiles found) throws DataFormatException {
    if (found.pictures().isEmpty()) {
      String others =
          found.others().isEmpty() ? "" : ", but " + found.others().get(0).getFileName();
      throw new DataFormatException(
          folder,
          "no pictures" + others,
          "at least one " + PictureFile.KINDS,
          "Check the path, or take the folder away.");
    }
  }

  private static List<String> names(Path place, List<Path> files) {
    return files.stream().map(file -> name(place, file)).toList();
  }

  /** Returns where a file lies, from a folder on, the same on every system. */
  private static String name(Path folder, Path file) {
    return folder
        .toAbsolutePath()
        .relativize(file.toAbsolutePath())
        .toString()
        .replace(file.getFileSystem().getSeparator(), "/");
  }

  /** Returns the name of a picture: from the root on, the same on every system. */
  String name(int index) {
    return name(root, files.get(index));
  }

  /** Returns images of these pictures under their names and labels. */
  ImageSet named(ImageSet images) {
    ImageSet named = images.fromFiles(files.stream().map(file -> name(root, file)).toList());
    return classes
        .map(c -> named.labelled(c.labels().stream().mapToInt(i -> i).toArray(), c.names()))
        .orElse(named);
  }
}
