package io.weft.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a folder of pictures (PNG, JPEG, WebP, GIF, BMP, TIFF) into a set with 256 levels.
 *
 * <pre>{@code
 * ImageSet faces = ImageFolder.at(Path.of("faces")).fittedTo(32, 32).grey().read();
 * }</pre>
 *
 * <ul>
 *   <li>Where the folder has sub-folders, each is a class, named after it and numbered in the order
 *       of the names, those that are numbers by their value (2 before 10); otherwise the set has no
 *       labels. Files come in the order of their names, which the set {@linkplain ImageSet#file
 *       keeps}. Hidden files and what systems leave behind ({@code __MACOSX}, {@code Thumbs.db})
 *       are not there.
 *   <li>A picture is read as it was seen: turned as its Exif data say.
 *   <li>The pictures must have one size, unless {@link #fitted} gives one.
 *   <li>The set is grey if all files are, otherwise coloured, unless {@link #grey} or {@link
 *       #colour} says which. Palettes are looked up; one that shows only greys is grey.
 *   <li>A transparent pixel is refused, unless {@link #ground} says what shows there or {@link
 *       #alpha} keeps it as a channel.
 *   <li>16 bits per value are rounded to 8. Files of more than 8 bits of which no value reaches a
 *       quarter of the range, as of medical devices and label maps, would lose most of their
 *       levels: they are refused, unless {@link #valuesBetween}, {@link #exactValues} or {@link
 *       #fullRange} says what their values mean.
 *   <li>Colour profiles are not applied.
 *   <li>A header that announces too many pixels, or more than the file can hold, is refused before
 *       anything is decoded.
 *   <li>A PNG with a checksum that does not fit is refused; other kinds have none, so that damage
 *       may show as other pixels.
 *   <li>What is passed over or changed unasked (other files, deeper folders, further pages and
 *       frames) is {@linkplain #telling told} once.
 * </ul>
 */
public final class ImageFolder {

  private static final Logger LOG = LoggerFactory.getLogger(ImageFolder.class);

  private static final long DEFAULT_MAX_PIXELS = 1L << 25;

  private enum Kind {
    FOLDER,
    FILE
  }

  private final Kind kind;
  private final Path place;
  private final PictureChoices choices;

  private ImageFolder(Kind kind, Path place, PictureChoices choices) {
    this.kind = kind;
    this.place = place;
    this.choices = choices;
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
   * @param picture a PNG, JPEG, WebP, GIF, BMP or TIFF file
   * @return the description, to be changed or read
   */
  public static ImageFolder file(Path picture) {
    return of(Kind.FILE, Objects.requireNonNull(picture, "picture"));
  }

  private static ImageFolder of(Kind kind, Path place) {
    PictureFile.Decoding decoding =
        new PictureFile.Decoding(ValueScale.DECLARED, Transparency.REFUSED, DEFAULT_MAX_PIXELS);
    return new ImageFolder(
        kind,
        place,
        new PictureChoices(
            Optional.empty(),
            PictureChoices.Colours.AS_FOUND,
            decoding,
            note -> LOG.warn("{}: {}", place, note)));
  }

  private ImageFolder with(PictureChoices newPictureChoices) {
    return new ImageFolder(kind, place, newPictureChoices);
  }

  /**
   * Brings every picture to one size: the largest part of these proportions is cut out of its
   * middle, then shrunk or enlarged ({@link Fit#centre}).
   *
   * @param height rows, 1 to 4096
   * @param width columns, 1 to 4096
   * @return the changed description
   * @throws IllegalArgumentException if a side is out of range
   */
  public ImageFolder fittedTo(int height, int width) {
    return fitted(Fit.centre(height, width));
  }

  /**
   * Brings every picture to one size. What a padded picture does not reach shows the {@link
   * #ground}, or black; with {@link #alpha} it is transparent.
   *
   * @param fit the size, and what becomes of other proportions
   * @return the changed description
   */
  public ImageFolder fitted(Fit fit) {
    return with(choices.with(Objects.requireNonNull(fit, "fit")));
  }

  /**
   * Turns colours into grey: 0.299 red + 0.587 green + 0.114 blue (ITU-R BT.601), rounded.
   *
   * @return the changed description
   */
  public ImageFolder grey() {
    return with(choices.with(PictureChoices.Colours.GREY));
  }

  /**
   * Turns grey into red, green and blue of the same value.
   *
   * @return the changed description
   */
  public ImageFolder colour() {
    return with(choices.with(PictureChoices.Colours.COLOUR));
  }

  /**
   * Sets what shows where pictures are transparent.
   *
   * @param rgb a colour as 0xRRGGBB; grey pictures take its grey
   * @return the changed description
   * @throws IllegalArgumentException if it has more than 24 bits
   */
  public ImageFolder ground(int rgb) {
    return with(choices.with(Transparency.ground(rgb)));
  }

  /**
   * Keeps how opaque a pixel is as its last channel, 0 to 255: the set has 2 or 4 channels.
   * Pictures without transparency are opaque. A pixel of which nothing shows is black.
   *
   * @return the changed description
   */
  public ImageFolder alpha() {
    return with(choices.with(Transparency.KEPT));
  }

  /**
   * Says that stored values go from 0 to the most that the files' bits can say, even if few are in
   * use.
   *
   * @return the changed description
   */
  public ImageFolder fullRange() {
    return with(choices.with(ValueScale.FULL));
  }

  /**
   * Says which stored values become the levels 0 and 255, for example 0 and 1023 of a device of 10
   * bits. Values between are scaled, those outside cut to the range, which is told.
   *
   * @param low what becomes 0; 0 or more
   * @param high what becomes 255; above {@code low}, at most 65535
   * @return the changed description
   * @throws IllegalArgumentException if the range is empty or reaches beyond 16 bits
   */
  public ImageFolder valuesBetween(int low, int high) {
    return with(choices.with(ValueScale.range(low, high)));
  }

  /**
   * Says that stored values are levels, as in maps of labels: they are taken as they are, of a
   * palette its indices. What is fitted takes the nearest pixel, for labels have no mean. {@link
   * ImageSet#asLevels} gives the set fewer than 256 levels. A value above 255 is refused.
   *
   * @return the changed description
   */
  public ImageFolder exactValues() {
    return with(choices.with(ValueScale.EXACT));
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
    return with(choices.withMaxPixels(newMaxPixels));
  }

  /**
   * Tells what is passed over or changed to a listener, in place of the log.
   *
   * @param listener gets each sentence once, without a full stop, while {@link #read} runs
   * @return the changed description
   */
  public ImageFolder telling(Consumer<String> listener) {
    return with(choices.with(Objects.requireNonNull(listener, "listener")));
  }

  /**
   * Reads all pictures.
   *
   * @return a set with 1 or 3 channels, with {@link #alpha} 2 or 4, and 256 levels; labelled if
   *     there are sub-folders
   * @throws DataFormatException if there is no picture, one cannot be read or is too large (also
   *     for the memory), sizes differ without {@link #fitted}, pictures lie both beside and in
   *     sub-folders, or nothing says what transparent pixels or few used bits mean
   * @throws IOException if reading fails
   */
  public ImageSet read() throws IOException {
    return DataFile.withinMemory(place, () -> reader().read());
  }

  /**
   * Looks at all pictures, on as many threads as there are processors, and leaves them where they
   * are: the set is the one that {@link #read} gives, but may be larger than the memory. Each
   * picture is decoded again whenever it is asked for; those of a step of training on several
   * threads, while the step before is taken. The files must stay as they are: one that is gone or
   * has changed is an {@link java.io.UncheckedIOException} from whatever asks for it.
   *
   * @return a set as {@link #read} gives it
   * @throws DataFormatException as from {@link #read}, but for pictures that are too many
   * @throws IOException if reading fails
   */
  public ImageSet open() throws IOException {
    return DataFile.withinMemory(place, () -> reader().open());
  }

  /** Reads pictures of at most so many values in all, and opens more. */
  ImageSet readUpTo(long most) throws IOException {
    return DataFile.withinMemory(place, () -> reader().readUpTo(most));
  }

  private PictureReader reader() throws IOException {
    PictureList list = kind == Kind.FILE ? PictureList.ofFile(place) : PictureList.inFolder(place);
    return new PictureReader(place, list, choices);
  }
}
