package io.weft.watch;

import io.weft.image.Picture;
import io.weft.internal.lettering.Fonts;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.font.FontRenderContext;
import java.awt.image.BufferedImage;
import java.util.Locale;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.XYStyler;

/** Charts of one look, of 1800 x 1120 pixels. They need no screen, but fonts. */
final class Charts {

  private static final int WIDTH = 900;
  private static final int HEIGHT = 560;

  /** Pixels of the picture for one of the layout: enough to print. */
  private static final int DENSITY = 2;

  private Charts() {}

  /** Returns an empty chart. */
  static XYChart of(String title, String x, String y) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle(x)
            .yAxisTitle(y)
            .build();
    XYStyler styler = chart.getStyler();
    styler.setLegendPosition(Styler.LegendPosition.InsideNE);
    styler.setChartBackgroundColor(Color.WHITE);
    styler.setPlotGridLinesColor(new Color(225, 225, 225));
    styler.setLocale(Locale.ROOT);
    return chart;
  }

  /**
   * Draws a chart.
   *
   * @throws IllegalStateException if Java has no fonts on this machine
   */
  static Picture picture(XYChart chart) {
    return Fonts.using(() -> picture(paint(chart)));
  }

  /**
   * Checks ahead of long work that Java finds fonts, which some small machines lack.
   *
   * @throws IllegalStateException if it does not
   */
  static void checkFonts() {
    Fonts.using(
        () ->
            new Font(Font.SANS_SERIF, Font.PLAIN, 12)
                .getStringBounds("0", new FontRenderContext(null, true, true)));
  }

  private static BufferedImage paint(XYChart chart) {
    BufferedImage image =
        new BufferedImage(WIDTH * DENSITY, HEIGHT * DENSITY, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.scale(DENSITY, DENSITY);
    chart.paint(graphics, WIDTH, HEIGHT);
    graphics.dispose();
    return image;
  }

  private static Picture picture(BufferedImage image) {
    return Picture.of(
        image.getHeight(),
        image.getWidth(),
        3,
        (row, column, channel) -> (image.getRGB(column, row) >> (8 * (2 - channel))) & 0xFF);
  }
}
