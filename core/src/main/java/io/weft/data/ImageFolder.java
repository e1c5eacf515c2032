package io.weft.data;

import io.weft.graph.ImageSpec;
import io.weft.thread.Interruption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Reads a folder of PNG and JPEG files (.png, .jpg, .jpeg) into a set with 256 levels.
 *
 * <pre>{@code
 * ImageSet faces = ImageFolder.at(Path.of("faces")).fittedTo(32, 32).grey().read();
 * }</pre>
 *
 * <ul>
 *   <li>Where the folder has sub-folders, each is a class, named after it and numbered in the order
 *       of the names, those that are numbers by their value (2 before 10); otherwise the set has no
 *       labels. Files come in the order of their names. Deeper folders, hidden files and other
 *       files are passed over.
 *   <li>The pictures must have one size, unless {@link #fittedTo} gives one.
 *   <li>The set is grey if all files are, otherwise coloured, unless {@link #grey} or {@link
 *       #colour} says which.
 *   <li>16 bits per value are rounded to 8. Palettes are looked up; one that shows only greys is
 *       grey. What is transparent shows the {@link #ground}. Colour profiles are not applied.
 *   <li>A header that announces too many pixels, or more than the file can hold, is refused before
 *       anything is decoded.
 *   <li>A PNG with a checksum that does not fit is refused; a JPEG has none, so that damage may
 *       show as other pixels.
 * </ul>
 */
public final class ImageFolder {

  private static final long DEFAULT_MAX_PIXELS = 1L << 25;

  private enum Colours {
    AS_FOUND,
    GREY,
    COLOUR
  }

  private record Size(int height, int width) {}

  private enum Kind {
    FOLDER,
    FILE
  }

  private final Kind kind;
  private final Path place;
  private final Optional<Size> size;
  private final Colours colours;
  private final int ground;
  private final long maxPixels;

  private ImageFolder(
      Kind kind, Path place, Optional<Size> size, Colours colours, int ground, long maxPixels) {
    this.kind = kind;
    this.place = place;
    this.size = size;
    this.colours = colours;
    this.ground = ground;
    this.maxPixels = maxPixels;
  }

  /**
   * Begins to describe what to read.
   *
   * @param folder holds pictures, or one folder of pictures per class
   * @return the description, to be changed or read
   */
  public static ImageFolder at(Path folder) {
    return of(Kind.FOLDER, Objects.requireNonNull(folder, "folder"));
  }

  /**
   * Begins to describe how to read one picture, as a set of one image without a label.
   *
   * @param picture a PNG or JPEG file
   * @return the description, to be changed or read
   */
  public static ImageFolder file(Path picture) {
    return of(Kind.FILE, Objects.requireNonNull(picture, "picture"));
  }

  private static ImageFolder of(Kind kind, Path place) {
    return new ImageFolder(kind, place, Optional.empty(), Colours.AS_FOUND, 0, DEFAULT_MAX_PIXELS);
  }

  /**
   * Brings every picture to one size: the largest part of these proportions is cut out of its
   * middle, then shrunk or enlarged with a triangle filter.
   *
   * @param height rows, 1 to 4096
   * @param width columns, 1 to 4096
   * @return the changed description
   * @throws IllegalArgumentException if a side is out of range
   */
  public ImageFolder fittedTo(int height, int width) {
    ImageSpec checked = new ImageSpec(height, width, 1, Quantiser.MAX_LEVELS);
    Size newSize = new Size(checked.height(), checked.width());
    return new ImageFolder(kind, place, Optional.of(newSize), colours, ground, maxPixels);
  }

  /**
   * Turns colours into grey: 0.299 red + 0.587 green + 0.114 blue (ITU-R BT.601), rounded.
   *
   * @return the changed description
   */
  public ImageFolder grey() {
    return new ImageFolder(kind, place, size, Colours.GREY, ground, maxPixels);
  }

  /**
   * Turns grey into red, green and blue of the same value.
   *
   * @return the changed description
   */
  public ImageFolder colour() {
    return new ImageFolder(kind, place, size, Colours.COLOUR, ground, maxPixels);
  }

  /**
   * Sets what shows where pictures are transparent; black if not set.
   *
   * @param rgb a colour as 0xRRGGBB; grey pictures take its grey
   * @return the changed description
   * @throws IllegalArgumentException if it has more than 24 bits
   */
  public ImageFolder ground(int rgb) {
    if (rgb >>> 24 != 0) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "ground 0x%X; expected 0xRRGGBB", rgb));
    }
    return new ImageFolder(kind, place, size, colours, rgb, maxPixels);
  }

  /**
   * Sets how many pixels one file may have; 33 million if not set. It guards against files of a few
   * bytes that announce more than the memory holds.
   *
   * @param newMaxPixels 1 to 2^28
   * @return the changed description
   * @throws IllegalArgumentException if it is out of range
   */
  public ImageFolder atMostPixels(long newMaxPixels) {
    if (newMaxPixels < 1 || newMaxPixels > 1L << 28) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "at most %d pixels; expected 1 to 2^28", newMaxPixels));
    }
    return new ImageFolder(kind, place, size, colours, ground, newMaxPixels);
  }

  /**
   * Reads all pictures.
   *
   * @return a set with 1 or 3 channels and 256 levels, labelled if there are sub-folders
   * @throws DataFormatException if there is no picture, one cannot be read or is too large (also
   *     for the memory), sizes differ without {@link #fittedTo}, or pictures lie both beside and in
   *     sub-folders
   * @throws IOException if reading fails
   */
  public ImageSet read() throws IOException {
    return DataFile.withinMemory(
        place, () -> kind == Kind.FILE ? join(decode(List.of(place))) : readFolder(place));
  }

  private ImageSet readFolder(Path folder) throws IOException {
    DataFile.requireFolder(folder);
    List<Path> classes = entries(folder, Files::isDirectory);
    classes.sort(Comparator.comparing(path -> path.getFileName().toString(), NameOrder.BY_NUMBER));
    List<Path> files = entries(folder, ImageFolder::isPicture);
    List<Integer> labels = new ArrayList<>();
    if (!classes.isEmpty() && !files.isEmpty()) {
      throw new DataFormatException(
          folder,
          String.format(
              Locale.ROOT,
              "pictures (%s) beside folders (%s)",
              files.get(0).getFileName(),
              classes.get(0).getFileName()),
          "only pictures, or only folders of pictures, one per class",
          "Move one of the two away.");
    }
    for (int label = 0; label < classes.size(); label++) {
      List<Path> ofClass = entries(classes.get(label), ImageFolder::isPicture);
      requireSome(classes.get(label), ofClass);
      files.addAll(ofClass);
      for (int i = 0; i < ofClass.size(); i++) {
        labels.add(label);
      }
    }
    requireSome(folder, files);
    ImageSet set = join(decode(files));
    List<String> names = classes.stream().map(path -> path.getFileName().toString()).toList();
    return names.isEmpty()
        ? set
        : set.labelled(labels.stream().mapToInt(Integer::intValue).toArray(), names);
  }

  private static List<Path> entries(Path folder, Predicate<Path> wanted) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return new ArrayList<>(
          all.filter(path -> !path.getFileName().toString().startsWith("."))
              .filter(wanted)
              .sorted()
              .toList());
    }
  }

  private static boolean isPicture(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return Files.isRegularFile(file)
        && (name.endsWith(".png") || name.endsWith(".jpg") || name.endsWith(".jpeg"));
  }

  private static void requireSome(Path folder, List<Path> files) throws DataFormatException {
    if (files.isEmpty()) {
      throw new DataFormatException(
          folder, "no pictures", "at least one .png, .jpg or .jpeg", "Check the path.");
    }
  }

  private List<Pixels> decode(List<Path> files) throws IOException {
    List<Pixels> pictures = new ArrayList<>();
    for (Path file : files) {
      Interruption.check();
      Pixels picture = coloured(PictureFile.read(file, maxPixels, ground));
      if (size.isPresent()) {
        picture = Resampling.fitted(picture, size.get().height(), size.get().width());
      }
      requireSize(file, picture, pictures.isEmpty() ? picture : pictures.get(0), files.get(0));
      pictures.add(picture);
      // One coloured picture colours the set, so each is counted with three channels unless grey
      // was asked for.
      long channels = colours == Colours.GREY ? 1 : 3;
      if (channels * picture.height() * picture.width() * files.size() > DataFile.MAX_ARRAY) {
        throw new DataFormatException(
            place,
            String.format(
                Locale.ROOT,
                "%d pictures of %dx%d",
                files.size(),
                picture.height(),
                picture.width()),
            "at most " + DataFile.MAX_ARRAY + " values in all",
            "Use fewer pictures, or smaller ones with fittedTo.");
      }
    }
    return pictures;
  }

  private Pixels coloured(Pixels picture) {
    return switch (colours) {
      case AS_FOUND -> picture;
      case GREY -> picture.grey();
      case COLOUR -> picture.colour();
    };
  }

  private static void requireSize(Path file, Pixels picture, Pixels first, Path firstFile)
      throws DataFormatException {
    if (picture.height() != first.height() || picture.width() != first.width()) {
      throw new DataFormatException(
          file,
          String.format(Locale.ROOT, "%d rows and %d columns", picture.height(), picture.width()),
          String.format(
              Locale.ROOT, "%d and %d, like %s", first.height(), first.width(), firstFile),
          "Bring all to one size with fittedTo(height, width).");
    }
    if (Math.max(picture.height(), picture.width()) > ImageSpec.MAX_SIDE) {
      throw new DataFormatException(
          file,
          String.format(Locale.ROOT, "%d rows and %d columns", picture.height(), picture.width()),
          "at most " + ImageSpec.MAX_SIDE + " each",
          "Bring all to a smaller size with fittedTo(height, width).");
    }
  }

  private static ImageSet join(List<Pixels> pictures) {
    boolean grey = pictures.stream().allMatch(picture -> picture.channels() == 1);
    int channels = grey ? 1 : 3;
    ImageSpec spec =
        new ImageSpec(
            pictures.get(0).height(), pictures.get(0).width(), channels, Quantiser.MAX_LEVELS);
    byte[] values = new byte[pictures.size() * spec.values()];
    for (int image = 0; image < pictures.size(); image++) {
      Pixels picture = grey ? pictures.get(image) : pictures.get(image).colour();
      picture.copyTo(values, image * spec.values());
    }
    return ImageSet.owning(spec, values);
  }
}
