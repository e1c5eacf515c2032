package io.weft.internal.lettering;

import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.font.FontRenderContext;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;

/**
 * A line of words, as the ink on each of its pixels. Immutable.
 *
 * <p>Printable ASCII has the letters of {@link PixelFont}, so that it comes out the same
 * everywhere. All other words are written with Java's own font; where there is none, what {@link
 * PixelFont} lacks is a question mark.
 */
public final class Lettering {

  /** Rows of a line of scale 1: two above the letters, and one below. */
  private static final int LINE = PixelFont.HEIGHT + 3;

  private static final int ABOVE = 2;

  /** Rows from the top of a line of scale 1 to where Java's letters stand. */
  private static final int BASE = ABOVE + 7;

  private static final String CUT = "..";

  private final int width;
  private final int height;
  private final byte[] ink;

  private Lettering(int width, int height, byte[] ink) {
    this.width = width;
    this.height = height;
    this.ink = ink;
  }

  /**
   * Writes words.
   *
   * @param scale pixels for each of a letter of 5 x 7, at least 1
   */
  public static Lettering of(String words, int scale) {
    return PixelFont.has(words)
        ? ofPixels(words, scale)
        : Fonts.ifAny(() -> ofFont(words, scale)).orElseGet(() -> ofPixels(words, scale));
  }

  /**
   * Writes words, or as much of their beginning as there is room for.
   *
   * @param width of the room, at least 0
   */
  public static Lettering within(String words, int scale, int width) {
    Lettering all = of(words, scale);
    int letters = words.codePointCount(0, words.length());
    while (all.width > width && letters > 0) {
      letters--;
      String beginning = words.substring(0, words.offsetByCodePoints(0, letters)).strip();
      all = of(letters == 0 ? "" : beginning + CUT, scale);
    }
    return all;
  }

  /** Returns the rows of any line of that scale. */
  public static int height(int scale) {
    return LINE * scale;
  }

  private static Lettering ofPixels(String words, int scale) {
    int letter = (PixelFont.WIDTH + 1) * scale;
    int width = Math.max(0, words.length() * letter - scale);
    byte[] ink = new byte[width * height(scale)];
    for (int row = 0; row < PixelFont.HEIGHT * scale; row++) {
      for (int column = 0; column < width; column++) {
        int inLetter = column % letter / scale;
        if (inLetter < PixelFont.WIDTH
            && PixelFont.ink(words.charAt(column / letter), row / scale, inLetter)) {
          ink[(row + ABOVE * scale) * width + column] = (byte) 255;
        }
      }
    }
    return new Lettering(width, height(scale), ink);
  }

  private static Lettering ofFont(String words, int scale) {
    Font font = new Font(Font.SANS_SERIF, Font.PLAIN, BASE * scale);
    Rectangle2D bounds = font.getStringBounds(words, new FontRenderContext(null, true, false));
    int width = (int) Math.ceil(bounds.getWidth());
    int height = height(scale);
    BufferedImage image =
        new BufferedImage(Math.max(1, width), height, BufferedImage.TYPE_INT_ARGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setFont(font);
    graphics.drawString(words, 0, BASE * scale);
    graphics.dispose();
    Raster opaque = image.getAlphaRaster();
    byte[] ink = new byte[width * height];
    for (int i = 0; i < ink.length; i++) {
      ink[i] = (byte) opaque.getSample(i % width, i / width, 0);
    }
    return new Lettering(width, height, ink);
  }

  /** Returns the columns. */
  public int width() {
    return width;
  }

  /**
   * Returns how much of a pixel is ink.
   *
   * @return 0 to 255; nothing beyond the words
   */
  public int ink(int row, int column) {
    boolean isWithin = row >= 0 && row < height && column >= 0 && column < width;
    return isWithin ? ink[row * width + column] & 0xFF : 0;
  }
}
