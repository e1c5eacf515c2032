package io.weft.watch;

import io.weft.image.Picture;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws a training history: bits per dimension over steps, in training and in validation. */
public final class LossCurves {

  private static final int WIDTH = 900;
  private static final int HEIGHT = 560;

  private LossCurves() {}

  /**
   * Returns the picture, 900 x 560.
   *
   * @param title what stands above
   * @throws IllegalArgumentException if the history is empty
   * @throws IllegalStateException if Java has no fonts on this machine
   */
  public static Picture of(TrainingHistory history, String title) {
    if (history.steps().isEmpty() && history.validations().isEmpty()) {
      throw new IllegalArgumentException("nothing has happened in this history; train first");
    }
    try {
      return picture(BitmapEncoder.getBufferedImage(chart(history, title)));
    } catch (InternalError | UnsatisfiedLinkError | NoClassDefFoundError e) {
      throw new IllegalStateException(
          "Java finds no fonts to write on the picture with; install some (Debian: fontconfig and"
              + " fonts-dejavu-core)",
          e);
    }
  }

  private static XYChart chart(TrainingHistory history, String title) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle("training steps")
            .yAxisTitle("bits per dimension")
            .build();
    XYStyler styler = chart.getStyler();
    styler.setLegendPosition(Styler.LegendPosition.InsideNE);
    styler.setChartBackgroundColor(Color.WHITE);
    styler.setPlotGridLinesColor(new Color(225, 225, 225));
    styler.setLocale(Locale.ROOT);
    styler.setXAxisDecimalPattern("#,##0");
    styler.setXAxisMin(0.0);
    styler.setXAxisTickMarkSpacingHint(100);
    series(
        chart,
        "training",
        history.steps().stream().map(TrainingHistory.Steps::step).toList(),
        history.steps().stream().map(TrainingHistory.Steps::trainingBits).toList(),
        new Color(120, 170, 210));
    series(
        chart,
        "validation",
        history.validations().stream().map(TrainingHistory.Validation::step).toList(),
        history.validations().stream().map(TrainingHistory.Validation::validationBits).toList(),
        new Color(200, 70, 20));
    return chart;
  }

  private static void series(
      XYChart chart, String name, List<Long> steps, List<Double> bits, Color colour) {
    if (steps.isEmpty()) {
      return;
    }
    double[] x = steps.stream().mapToDouble(step -> step).toArray();
    // Ticks go to round numbers unless the data are evenly spaced: then to those, however crooked.
    x[0] += 1e-6;
    double[] y = bits.stream().mapToDouble(b -> b).toArray();
    XYSeries series = chart.addSeries(name, x, y);
    series.setLineColor(colour);
    series.setMarkerColor(colour);
    // One point is no line.
    series.setMarker(steps.size() <= 30 ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
  }

  private static Picture picture(BufferedImage image) {
    return Picture.of(
        image.getHeight(),
        image.getWidth(),
        3,
        (row, column, channel) -> (image.getRGB(column, row) >> (8 * (2 - channel))) & 0xFF);
  }
}
