package io.weft.image;

import io.weft.data.ImageSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Puts pictures side by side on one.
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
   * Lays pictures out, from left to right and from top to bottom; what is left of the last row
   * stays ground. The sheet is coloured if one of them is. Transparent ones lie on {@linkplain
   * Picture#chequered squares}.
   *
   * @param pictures at least one, all of the same height and width
   * @return the sheet
   * @throws IllegalArgumentException if there is none, or the sizes differ
   */
  public Picture of(List<Picture> pictures) {
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
    List<Picture> opaque = pictures.stream().map(Picture::chequered).toList();
    boolean coloured = opaque.stream().anyMatch(picture -> picture.channels() == 3);
    List<Picture> alike = coloured ? opaque.stream().map(Picture::coloured).toList() : opaque;
    int across = Math.min(columns, alike.size());
    int down = (alike.size() + across - 1) / across;
    return Picture.of(
        gap + down * (height + gap),
        gap + across * (width + gap),
        coloured ? 3 : 1,
        (row, column, channel) -> {
          int inRow = (row - gap) % (height + gap);
          int inColumn = (column - gap) % (width + gap);
          int index = (row - gap) / (height + gap) * across + (column - gap) / (width + gap);
          boolean onPicture =
              row >= gap
                  && column >= gap
                  && inRow < height
                  && inColumn < width
                  && index < alike.size();
          return onPicture ? alike.get(index).value(inRow, inColumn, channel) : ground;
        });
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
