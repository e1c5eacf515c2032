package io.weft.explain;

import io.weft.image.Picture;
import java.util.Arrays;

/** A sheet to draw rectangles and words on. Colours are 0xRRGGBB. */
final class Canvas {

  /** The height of a line of words. */
  static final int LINE = 2 * PixelFont.HEIGHT + 4;

  private static final int INK = 0x222222;
  private static final int SCALE = 2;
  private static final int LETTER = SCALE * (PixelFont.WIDTH + 1);

  private final int height;
  private final int width;
  private final int[] colours;

  Canvas(int height, int width) {
    this.height = height;
    this.width = width;
    this.colours = new int[height * width];
    Arrays.fill(colours, 0xFFFFFF);
  }

  /** Returns how wide words are. */
  static int width(String words) {
    return words.length() * LETTER;
  }

  void fill(int top, int left, int rows, int columns, int colour) {
    for (int r = Math.max(0, top); r < Math.min(height, top + rows); r++) {
      for (int c = Math.max(0, left); c < Math.min(width, left + columns); c++) {
        colours[r * width + c] = colour;
      }
    }
  }

  /** Draws the edge of a rectangle, inwards. */
  void frame(int top, int left, int rows, int columns, int thickness, int colour) {
    fill(top, left, thickness, columns, colour);
    fill(top + rows - thickness, left, thickness, columns, colour);
    fill(top, left, rows, thickness, colour);
    fill(top, left + columns - thickness, rows, thickness, colour);
  }

  void words(int top, int left, String words) {
    for (int i = 0; i < words.length(); i++) {
      for (int r = 0; r < PixelFont.HEIGHT; r++) {
        for (int c = 0; c < PixelFont.WIDTH; c++) {
          if (PixelFont.ink(words.charAt(i), r, c)) {
            fill(top + SCALE * r, left + LETTER * i + SCALE * c, SCALE, SCALE, INK);
          }
        }
      }
    }
  }

  Picture picture() {
    return Picture.of(
        height, width, 3, (r, c, channel) -> colours[r * width + c] >> (16 - 8 * channel) & 0xFF);
  }
}
