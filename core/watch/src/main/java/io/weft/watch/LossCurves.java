package io.weft.watch;

import io.weft.image.Picture;
import java.awt.Color;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Draws a training history: bits per dimension over steps, in training and in validation, and own
 * metrics, which have an axis on the right. Where the losses span more than a decade the axes are
 * logarithmic. Needs no screen, but fonts.
 */
public final class LossCurves {

  private static final double DECADE = 10;

  /** The group of the right axis. */
  private static final int RIGHT = 1;

  private static final List<Color> METRICS =
      List.of(new Color(60, 140, 80), new Color(130, 80, 160), new Color(170, 130, 20));

  private LossCurves() {}

  /**
   * Returns the picture, of 1800 x 1120 pixels.
   *
   * @param title what stands above
   * @throws IllegalArgumentException if the history is empty
   * @throws IllegalStateException if Java has no fonts on this machine
   */
  public static Picture of(TrainingHistory history, String title) {
    if (history.isEmpty()) {
      throw new IllegalArgumentException("nothing has happened in this history; train first");
    }
    XYChart chart = chart(history, title);
    return Charts.picture(chart);
  }

  private static XYChart chart(TrainingHistory history, String title) {
    XYChart chart = Charts.of(title, "training steps", "bits per dimension");
    XYStyler styler = chart.getStyler();
    styler.setXAxisDecimalPattern("#,##0");
    styler.setXAxisMin(0.0);
    styler.setXAxisTickMarkSpacingHint(100);
    styler.setYAxisLogarithmic(spansADecade(history));
    styler.setYAxisLogarithmicDecadeOnly(false);
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
    metrics(chart, history);
    return chart;
  }

  private static void metrics(XYChart chart, TrainingHistory history) {
    List<String> names = history.metricNames();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      List<TrainingHistory.Validation> measured =
          history.validations().stream()
              .filter(v -> Double.isFinite(v.metrics().getOrDefault(name, Double.NaN)))
              .toList();
      series(
              chart,
              name,
              measured.stream().map(TrainingHistory.Validation::step).toList(),
              measured.stream().map(v -> v.metrics().get(name)).toList(),
              METRICS.get(i % METRICS.size()))
          .ifPresent(
              series -> {
                series.setYAxisGroup(RIGHT);
                series.setLineStyle(SeriesLines.DASH_DASH);
                chart.setYAxisGroupTitle(RIGHT, "own metrics");
                chart.getStyler().setYAxisGroupPosition(RIGHT, Styler.YAxisPosition.Right);
              });
    }
  }

  private static boolean spansADecade(TrainingHistory history) {
    DoubleSummaryStatistics bits =
        Stream.concat(
                history.steps().stream().map(TrainingHistory.Steps::trainingBits),
                history.validations().stream().map(TrainingHistory.Validation::validationBits))
            .mapToDouble(Double::doubleValue)
            .summaryStatistics();
    boolean positive =
        history.validations().stream()
            .flatMap(validation -> validation.metrics().values().stream())
            .filter(Double::isFinite)
            .allMatch(metric -> metric > 0);
    return positive && bits.getMin() > 0 && bits.getMax() > DECADE * bits.getMin();
  }

  private static Optional<XYSeries> series(
      XYChart chart, String name, List<Long> steps, List<Double> values, Color colour) {
    if (steps.isEmpty()) {
      return Optional.empty();
    }
    double[] x = steps.stream().mapToDouble(step -> step).toArray();
    // Ticks go to round numbers unless the data are evenly spaced: then to those, however crooked.
    // XChart takes what differs by less than a ten thousandth for even.
    x[0] += 1e-3;
    double[] y = values.stream().mapToDouble(value -> value).toArray();
    // Names are the user's: one may be called training, another nothing.
    XYSeries series = chart.addSeries(chart.getSeriesMap().size() + " " + name, x, y);
    series.setLabel(name.isBlank() ? '"' + name + '"' : name);
    series.setLineColor(colour);
    series.setMarkerColor(colour);
    // One point is no line.
    series.setMarker(steps.size() <= 30 ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
    return Optional.of(series);
  }
}
