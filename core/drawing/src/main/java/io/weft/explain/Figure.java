package io.weft.explain;

import io.weft.image.Picture;
import io.weft.internal.files.AtomicFile;
import io.weft.internal.lettering.PixelFont;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** A drawing of rectangles and words: as a picture of pixels, or as a vector picture. Immutable. */
public final class Figure {

  private static final int INK = 0x222222;
  private static final int GROUND = 0xFFFFFF;

  /** A page with more rectangles grows by some 60 bytes for each. */
  private static final int MOST_MARKS = 5_000;

  /** A filled rectangle, or words. Colours are 0xRRGGBB. */
  sealed interface Mark {

    record Fill(int top, int left, int rows, int columns, int colour) implements Mark {}

    record Words(int top, int left, String words) implements Mark {}
  }

  private final String title;
  private final int height;
  private final int width;
  private final List<Mark> marks;

  Figure(String title, int height, int width, List<Mark> marks) {
    this.title = title;
    this.height = height;
    this.width = width;
    this.marks = List.copyOf(marks);
  }

  /** Returns what is shown, in a few words. */
  public String title() {
    return title;
  }

  /** Returns the rows, in pixels. */
  public int height() {
    return height;
  }

  /** Returns the columns, in pixels. */
  public int width() {
    return width;
  }

  /** Returns the figure as a picture of pixels. */
  public Picture picture() {
    int[] colours = new int[height * width];
    Arrays.fill(colours, GROUND);
    for (Mark mark : marks) {
      if (mark instanceof Mark.Fill fill) {
        paint(colours, fill.top, fill.left, fill.rows, fill.columns, fill.colour);
      } else if (mark instanceof Mark.Words words) {
        write(colours, words);
      }
    }
    return Picture.of(
        height, width, 3, (r, c, channel) -> colours[r * width + c] >> (16 - 8 * channel) & 0xFF);
  }

  private void paint(int[] colours, int top, int left, int rows, int columns, int colour) {
    for (int r = Math.max(0, top); r < Math.min(height, top + rows); r++) {
      for (int c = Math.max(0, left); c < Math.min(width, left + columns); c++) {
        colours[r * width + c] = colour;
      }
    }
  }

  private void write(int[] colours, Mark.Words mark) {
    String words = mark.words;
    for (int i = 0; i < words.length(); i++) {
      for (int r = 0; r < PixelFont.HEIGHT; r++) {
        for (int c = 0; c < PixelFont.WIDTH; c++) {
          if (PixelFont.ink(words.charAt(i), r, c)) {
            int scale = Canvas.SCALE;
            int left = mark.left + Canvas.LETTER * i + scale * c;
            paint(colours, mark.top + scale * r, left, scale, scale, INK);
          }
        }
      }
    }
  }

  /** Returns the figure as an SVG document, which can stand within HTML as it is. */
  public String svg() {
    StringBuilder svg = new StringBuilder();
    svg.append(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\""
                + " height=\"%d\" role=\"img\">\n<title>%s</title>\n",
            width,
            height,
            width,
            height,
            Markup.escaped(title)));
    rectangle(svg, new Mark.Fill(0, 0, height, width, GROUND));
    for (Mark mark : marks) {
      if (mark instanceof Mark.Fill fill) {
        rectangle(svg, fill);
      } else if (mark instanceof Mark.Words words && !words.words.isEmpty()) {
        svg.append(
            String.format(
                Locale.ROOT,
                "<text x=\"%d\" y=\"%d\" font-family=\"monospace\" font-size=\"%d\""
                    + " textLength=\"%d\" lengthAdjust=\"spacingAndGlyphs\""
                    + " fill=\"#%06x\">%s</text>\n",
                words.left,
                words.top + Canvas.SCALE * PixelFont.HEIGHT,
                Canvas.SCALE * (PixelFont.HEIGHT + 2),
                Canvas.width(words.words),
                INK,
                Markup.escaped(words.words)));
      }
    }
    return svg.append("</svg>\n").toString();
  }

  /**
   * Returns the figure as it stands best within HTML: as an SVG document, or as a picture of pixels
   * where that is much the smaller of the two.
   */
  String html() {
    if (marks.size() <= MOST_MARKS) {
      return svg();
    }
    return "<img alt=\""
        + Markup.escaped(title)
        + "\" src=\"data:image/png;base64,"
        + Base64.getEncoder().encodeToString(picture().toPng())
        + "\">\n";
  }

  private static void rectangle(StringBuilder svg, Mark.Fill fill) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"#%06x\"/>\n",
            fill.left,
            fill.top,
            fill.columns,
            fill.rows,
            fill.colour));
  }

  /**
   * Writes the figure as PNG, replacing the file only when the new one is whole.
   *
   * @throws IOException if writing fails
   */
  public void writePng(Path file) throws IOException {
    picture().writePng(file);
  }

  /**
   * Writes the figure as SVG, replacing the file only when the new one is whole.
   *
   * @throws IOException if writing fails
   */
  public void writeSvg(Path file) throws IOException {
    byte[] bytes = svg().getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(file, out -> out.write(bytes));
  }

  @Override
  public String toString() {
    return title + ", " + width + " x " + height;
  }
}
