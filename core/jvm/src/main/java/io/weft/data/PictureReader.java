package io.weft.data;

import io.weft.advice.Advice;
import io.weft.internal.thread.Interruption;
import io.weft.spec.ImageSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** Reads pictures into a set, and keeps what there is to say of it. */
final class PictureReader {

  private final Path place;
  private final PictureChoices choices;
  private final ReadingNotes notes = new ReadingNotes();

  PictureReader(Path place, PictureChoices choices) {
    this.place = place;
    this.choices = choices;
  }

  ImageSet readFile() throws IOException {
    return read(List.of(place), Objects.requireNonNull(place.toAbsolutePath().getParent()));
  }

  ImageSet readFolder() throws IOException {
    DataFile.requireFolder(place);
    PictureFiles here = PictureFiles.of(place);
    notes.add(ReadingNotes.Kind.OTHER_FILES, names(here.others()));
    if (here.folders().isEmpty()) {
      requireSome(place, here);
      return read(here.pictures(), place);
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
            .sorted(Comparator.comparing(PictureReader::lastName, NameOrder.BY_NUMBER))
            .toList();
    List<Path> files = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    for (int label = 0; label < folders.size(); label++) {
      PictureFiles ofClass = PictureFiles.of(folders.get(label));
      requireSome(folders.get(label), ofClass);
      notes.add(ReadingNotes.Kind.OTHER_FILES, names(ofClass.others()));
      notes.add(ReadingNotes.Kind.DEEPER_FOLDERS, names(ofClass.folders()));
      files.addAll(ofClass.pictures());
      for (int i = 0; i < ofClass.pictures().size(); i++) {
        labels.add(label);
      }
    }
    return read(files, place)
        .labelled(
            labels.stream().mapToInt(Integer::intValue).toArray(),
            folders.stream().map(PictureReader::lastName).toList());
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

  private List<String> names(List<Path> files) {
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

  private ImageSet read(List<Path> files, Path root) throws IOException {
    List<PictureFile.Facts> facts = new ArrayList<>();
    List<Pixels> pictures = new ArrayList<>();
    for (Path file : files) {
      Interruption.check();
      PictureFile.Decoded decoded = PictureFile.read(file, choices.decoding());
      note(name(root, file), decoded);
      Pixels picture = fitted(coloured(decoded.pixels()), pictures.size());
      requireSize(file, picture, pictures.isEmpty() ? picture : pictures.get(0), files.get(0));
      requireRoom(files.size(), picture);
      pictures.add(picture);
      facts.add(decoded.facts());
    }
    requireUse(files, facts);
    ImageSet set = set(pictures).fromFiles(files.stream().map(file -> name(root, file)).toList());
    notes.sentences().forEach(choices.listener());
    return set;
  }

  private void note(String name, PictureFile.Decoded decoded) {
    if (decoded.facts().isFirstOfSeveral()) {
      notes.add(ReadingNotes.Kind.FIRST_OF_SEVERAL, name);
    }
    if (decoded.facts().isCut()) {
      notes.add(ReadingNotes.Kind.CUT, name);
    }
  }

  private Pixels coloured(Pixels picture) {
    return switch (choices.colours()) {
      case AS_FOUND -> picture;
      case GREY -> picture.grey();
      case COLOUR -> picture.colour();
    };
  }

  private Pixels fitted(Pixels picture, int index) {
    if (choices.fit().isEmpty()) {
      return picture;
    }
    Resampling resampling =
        choices.decoding().scale().isExact() ? Resampling.NEAREST : Resampling.TRIANGLE;
    int[] ground = choices.decoding().transparency().pixel(picture.channels());
    return choices.fit().get().apply(picture, resampling, index, ground);
  }

  private static void requireSize(Path file, Pixels picture, Pixels first, Path firstFile)
      throws DataFormatException {
    String found =
        String.format(Locale.ROOT, "%d rows and %d columns", picture.height(), picture.width());
    if (picture.height() != first.height() || picture.width() != first.width()) {
      throw new DataFormatException(
          file,
          found,
          String.format(
              Locale.ROOT, "%d and %d, like %s", first.height(), first.width(), firstFile),
          Advice.FIT_PICTURES);
    }
    if (Math.max(picture.height(), picture.width()) > ImageSpec.MAX_SIDE) {
      throw new DataFormatException(
          file, found, "at most " + ImageSpec.MAX_SIDE + " each", Advice.FIT_PICTURES);
    }
  }

  private void requireRoom(int files, Pixels picture) throws DataFormatException {
    // One coloured picture colours the set, so each is counted with its colours unless grey was
    // asked for.
    int channels =
        (choices.colours() == PictureChoices.Colours.GREY ? 1 : 3) + (picture.hasAlpha() ? 1 : 0);
    if ((long) channels * picture.height() * picture.width() * files > DataFile.MAX_ARRAY) {
      throw new DataFormatException(
          place,
          String.format(
              Locale.ROOT, "%d pictures of %dx%d", files, picture.height(), picture.width()),
          "at most " + DataFile.MAX_ARRAY + " values in all",
          Advice.FIT_PICTURES);
    }
  }

  /** Refuses to round to 8 bits what uses few of more: few levels would be left. */
  private void requireUse(List<Path> files, List<PictureFile.Facts> facts)
      throws DataFormatException {
    Optional<PictureFile.Facts> brightest =
        facts.stream().filter(PictureFile.Facts::isDeep).max(Comparator.comparing(f -> f.use()));
    if (choices.decoding().scale().kind() != ValueScale.Kind.DECLARED
        || brightest.isEmpty()
        || brightest.get().highest() == 0
        || brightest.get().use() * ImageSet.LEAST_USE >= 1) {
      return;
    }
    int highest = brightest.get().highest();
    throw new DataFormatException(
        files.get(facts.indexOf(brightest.get())),
        String.format(
            Locale.ROOT,
            "values of up to %d of %d, and no higher ones in other files: in 8 bits they would be %d"
                + " levels",
            highest,
            brightest.get().most(),
            1 + Math.round(brightest.get().use() * 255)),
        "values that use their range, or to be told what is black and what is white, such as 0"
            + " and "
            + (2 * Integer.highestOneBit(highest) - 1),
        Advice.SAY_VALUES);
  }

  private static ImageSet set(List<Pixels> pictures) {
    boolean coloured = pictures.stream().anyMatch(Pixels::hasColours);
    Pixels first = pictures.get(0);
    int channels = (coloured ? 3 : 1) + (first.hasAlpha() ? 1 : 0);
    ImageSpec spec = new ImageSpec(first.height(), first.width(), channels, Quantiser.MAX_LEVELS);
    byte[] values = new byte[pictures.size() * spec.values()];
    for (int image = 0; image < pictures.size(); image++) {
      Pixels picture = coloured ? pictures.get(image).colour() : pictures.get(image);
      picture.copyTo(values, image * spec.values());
    }
    return ImageSet.owning(spec, values);
  }
}
