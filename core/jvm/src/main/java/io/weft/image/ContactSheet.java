package io.weft.image;

import io.weft.data.ImageSet;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Puts pictures side by side on one, with words below them where there are some.
 *
 * @param columns pictures in a row, 1 or more
 * @param gap pixels between and around the pictures, 0 or more
 * @param ground the value of the gaps in every channel, 0 (black) to 255 (white)
 */
public record ContactSheet(int columns, int gap, int ground) {

  /**
   * Checks the three numbers.
   *
   * @throws IllegalArgumentException if one is out of its range
   */
  public ContactSheet {
    if (columns < 1 || gap < 0 || ground < 0 || ground > 255) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%d columns, gap %d, ground %d; expected 1 or more, 0 or more, 0 to 255",
              columns,
              gap,
              ground));
    }
  }

  /**
   * Makes a sheet with gaps of 2 dark grey pixels.
   *
   * @param columns pictures in a row, 1 or more
   */
  public ContactSheet(int columns) {
    this(columns, 2, 64);
  }

  /**
   * Returns the same layout for pictures that have been enlarged: with gaps so many times as wide.
   *
   * @param factor 1 or more
   * @throws IllegalArgumentException if the factor is below 1
   */
  public ContactSheet scaled(int factor) {
    if (factor < 1) {
      throw new IllegalArgumentException("factor " + factor + "; expected 1 or more");
    }
    return new ContactSheet(columns, Math.multiplyExact(gap, factor), ground);
  }

  /**
   * Lays pictures out, from left to right and from top to bottom; what is left of the last row
   * stays ground. The sheet is coloured if one of them is. Transparent ones lie on {@linkplain
   * Picture#chequered squares}.
   *
   * @param pictures at least one, all of the same height and width
   * @return the sheet
   * @throws IllegalArgumentException if there is none, or the sizes differ
   */
  public Picture of(List<Picture> pictures) {
    return of(pictures, Collections.nCopies(pictures.size(), ""));
  }

  /**
   * Lays pictures out, each above a word on what it is, such as the name of its class. Letters are
   * 7 or 14 pixels high, and do not grow with the pictures: write them on pictures that have been
   * enlarged already. Where words are wider than the pictures, these have more room between them;
   * beyond some 27 letters words are cut. Without words the sheet is that of {@link #of(List)}.
   *
   * <p>Printable ASCII comes out the same everywhere; other letters are those of Java's font, or
   * question marks where it has none.
   *
   * @param pictures at least one, all of the same height and width
   * @param captions one for each picture; blank for none
   * @return the sheet
   * @throws IllegalArgumentException if there are no pictures, their sizes differ, or there are
   *     more or fewer captions
   */
  public Picture of(List<Picture> pictures, List<String> captions) {
    checkAlike(pictures);
    if (captions.size() != pictures.size()) {
      throw new IllegalArgumentException(
          captions.size()
              + " captions for "
              + pictures.size()
              + " pictures; expected one for each");
    }
    List<Picture> opaque = pictures.stream().map(Picture::chequered).toList();
    boolean coloured = opaque.stream().anyMatch(picture -> picture.channels() == 3);
    List<Picture> alike = coloured ? opaque.stream().map(Picture::coloured).toList() : opaque;
    Captions words = Captions.under(alike.get(0).width(), captions);
    int height = alike.get(0).height() + words.height() + gap;
    int width = words.width() + gap;
    int across = Math.min(columns, alike.size());
    int down = (alike.size() + across - 1) / across;
    return Picture.of(
        gap + down * height,
        gap + across * width,
        coloured ? 3 : 1,
        (row, column, channel) -> {
          int index = (row - gap) / height * across + (column - gap) / width;
          boolean isInCell = row >= gap && column >= gap && index < alike.size();
          return isInCell
              ? value(alike, words, index, (row - gap) % height, (column - gap) % width, channel)
              : ground;
        });
  }

  /** Returns a value of a cell: the picture in the middle, its words below, the gap around. */
  private int value(
      List<Picture> pictures, Captions words, int index, int row, int column, int channel) {
    Picture picture = pictures.get(index);
    int left = (words.width() - picture.width()) / 2;
    if (row < picture.height()) {
      boolean isOnPicture = column >= left && column < left + picture.width();
      return isOnPicture ? picture.value(row, column - left, channel) : ground;
    }
    int below = row - picture.height();
    int ink = below < words.height() ? words.ink(index, below, column) : 0;
    return Math.round((ink * (ground < 128 ? 255 : 0) + (255 - ink) * ground) / 255f);
  }

  private static void checkAlike(List<Picture> pictures) {
    if (pictures.isEmpty()) {
      throw new IllegalArgumentException("no pictures; expected at least one");
    }
    int height = pictures.get(0).height();
    int width = pictures.get(0).width();
    for (Picture picture : pictures) {
      if (picture.height() != height || picture.width() != width) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "pictures of %dx%d and of %dx%d; expected one size",
                height,
                width,
                picture.height(),
                picture.width()));
      }
    }
  }

  /**
   * Lays all images of a set out.
   *
   * @param images at least one
   * @return the sheet
   * @throws IllegalArgumentException if the set is empty
   */
  public Picture of(ImageSet images) {
    return of(IntStream.range(0, images.size()).mapToObj(i -> Picture.of(images, i)).toList());
  }
}
