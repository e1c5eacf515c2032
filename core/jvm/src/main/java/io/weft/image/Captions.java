package io.weft.image;

import io.weft.internal.lettering.Lettering;
import java.util.List;

/** Words under the pictures of a sheet, each in the middle of its cell. Immutable. */
final class Captions {

  /** Longer words are cut, rather than the sheet made wider still: 27 letters of 5 x 7. */
  private static final int WIDEST = 161;

  private static final int SCALE = 2;

  private final int width;
  private final int height;
  private final List<Lettering> lines;

  private Captions(int width, int height, List<Lettering> lines) {
    this.width = width;
    this.height = height;
    this.lines = lines;
  }

  /**
   * Returns captions of twice the letters' size if all fit under pictures of a width, else of their
   * size, in cells that are wider where that is needed.
   */
  static Captions under(int width, List<String> words) {
    if (words.stream().allMatch(String::isBlank)) {
      return new Captions(width, 0, List.of());
    }
    int scale = widest(words, SCALE) <= width ? SCALE : 1;
    int cell = Math.max(width, Math.min(WIDEST, widest(words, scale)));
    List<Lettering> lines =
        words.stream().map(word -> Lettering.within(word, scale, cell)).toList();
    return new Captions(cell, Lettering.height(scale), lines);
  }

  private static int widest(List<String> words, int scale) {
    return words.stream().mapToInt(word -> Lettering.of(word, scale).width()).max().orElse(0);
  }

  /** Returns the columns of a cell. */
  int width() {
    return width;
  }

  /** Returns the rows below a picture, 0 if there are no words. */
  int height() {
    return height;
  }

  /** Returns how much of a pixel below a picture is ink, 0 to 255. */
  int ink(int picture, int row, int column) {
    Lettering line = lines.get(picture);
    return line.ink(row, column - (width - line.width()) / 2);
  }
}
