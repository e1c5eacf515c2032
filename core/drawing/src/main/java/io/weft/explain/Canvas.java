package io.weft.explain;

import io.weft.explain.Figure.Mark;
import io.weft.internal.lettering.PixelFont;
import java.util.ArrayList;
import java.util.List;

/** A sheet to draw rectangles and words on. Colours are 0xRRGGBB. */
final class Canvas {

  static final int SCALE = 2;

  /** The height of a line of words. */
  static final int LINE = SCALE * PixelFont.HEIGHT + 4;

  /** The width of a letter, with the space after it. */
  static final int LETTER = SCALE * (PixelFont.WIDTH + 1);

  private final int height;
  private final int width;
  private final List<Mark> marks = new ArrayList<>();

  Canvas(int height, int width) {
    this.height = height;
    this.width = width;
  }

  /** Returns how wide words are. */
  static int width(String words) {
    return words.length() * LETTER;
  }

  void fill(int top, int left, int rows, int columns, int colour) {
    marks.add(new Mark.Fill(top, left, rows, columns, colour));
  }

  /** Draws the edge of a rectangle, inwards. */
  void frame(int top, int left, int rows, int columns, int thickness, int colour) {
    fill(top, left, thickness, columns, colour);
    fill(top + rows - thickness, left, thickness, columns, colour);
    fill(top, left, rows, thickness, colour);
    fill(top, left + columns - thickness, rows, thickness, colour);
  }

  void words(int top, int left, String words) {
    marks.add(new Mark.Words(top, left, words));
  }

  Figure figure(String title) {
    return new Figure(title, height, width, marks);
  }
}
