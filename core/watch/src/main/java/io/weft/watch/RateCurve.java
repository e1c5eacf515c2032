package io.weft.watch;

import io.weft.Model;
import io.weft.data.Examples;
import io.weft.image.Picture;
import io.weft.optimise.RateSchedule;
import io.weft.train.TrainingEvent;
import io.weft.train.TrainingException;
import io.weft.train.TrainingOptions;
import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * What a model learns at which rate (the range test of Smith 2017, section 3.3): a short run on a
 * copy of it, whose learning rate rises from next to nothing until the loss does.
 *
 * @param points a step each, in order
 */
public record RateCurve(List<Point> points) {

  /** The first learning rate. */
  public static final double LOWEST = 1e-6;

  /** The last one, if the loss has not risen before. */
  public static final double HIGHEST = 1;

  /** How much of the smoothed loss before remains. */
  private static final double SMOOTHING = 0.9;

  /** How many times the fall of the loss it may rise again. */
  private static final double RISEN = 1;

  /** Steps that are taken in any case, whatever the loss. */
  private static final int LEAST = 10;

  private static final double MARGIN = 10;

  /**
   * One step.
   *
   * @param rate its learning rate
   * @param bits its batch's bits per dimension, before it
   * @param smoothed the running mean of these, corrected for its start
   */
  public record Point(double rate, double bits, double smoothed) {}

  /** Freezes the list. */
  public RateCurve {
    points = List.copyOf(points);
    if (points.isEmpty()) {
      throw new IllegalArgumentException("a curve of learning rates has at least one step");
    }
  }

  /**
   * Draws the curve of a model, which itself stays as it is.
   *
   * @param steps how many steps the rate takes from {@link #LOWEST} to {@link #HIGHEST}, at least
   *     2; 100 are usual. The run ends earlier when the smoothed loss has risen from its least by
   *     as much as it had fallen.
   * @param options the options at a learning rate that changes: seed, batch, optimiser
   * @throws IllegalArgumentException if the examples do not fit the model
   * @throws TrainingException if the first step comes to nothing already
   */
  public static RateCurve of(
      Model model,
      Examples examples,
      long steps,
      Function<RateSchedule, TrainingOptions.Builder> options) {
    if (steps < 2) {
      throw new IllegalArgumentException("rates are tried in at least 2 steps, found " + steps);
    }
    double factor = StrictMath.pow(HIGHEST / LOWEST, 1.0 / (steps - 1));
    RateSchedule rising =
        RateSchedule.of(
            "from " + LOWEST + " to " + HIGHEST + " in " + steps,
            step -> LOWEST * StrictMath.pow(factor, (double) step));
    List<Point> points = new ArrayList<>();
    TrainingOptions test =
        options
            .apply(rising)
            .steps(steps)
            .control(
                (event, run) -> {
                  if (event instanceof TrainingEvent.Stepped step) {
                    points.add(point(points, step));
                    if (hasRisen(points)) {
                      run.stop();
                    }
                  }
                })
            .build();
    try (Model copy = Model.of(model.definition(), model.snapshot(), model.device())) {
      copy.train(examples, test);
    } catch (TrainingException e) {
      // That is where rates end.
      if (points.isEmpty()) {
        throw e;
      }
    }
    return new RateCurve(points);
  }

  private static Point point(List<Point> before, TrainingEvent.Stepped step) {
    double weight = 0;
    double sum = 0;
    double bits = step.bitsPerDimension();
    double share = 1;
    for (int i = before.size(); i >= 0; i--) {
      sum += share * (i == before.size() ? bits : before.get(i).bits());
      weight += share;
      share *= SMOOTHING;
    }
    return new Point(step.rate(), bits, sum / weight);
  }

  private static boolean hasRisen(List<Point> points) {
    double first = points.get(0).smoothed();
    double least = points.stream().mapToDouble(Point::smoothed).min().orElseThrow();
    double last = points.get(points.size() - 1).smoothed();
    return points.size() >= LEAST && last - least > RISEN * Math.max(first - least, 0.1 * first);
  }

  /** Returns the rate at which the smoothed loss is least. */
  public double rateOfLeast() {
    Point least = points.get(0);
    for (Point point : points) {
      least = point.smoothed() < least.smoothed() ? point : least;
    }
    return least.rate();
  }

  /** Returns a rate to train at: a tenth of that at which the smoothed loss is least. */
  public double suggested() {
    return rateOfLeast() / MARGIN;
  }

  /**
   * Returns the picture, of 1800 x 1120 pixels: the loss of each step and its running mean, over
   * the rate, which is logarithmic.
   *
   * @param title what stands above
   * @throws IllegalStateException if Java has no fonts on this machine
   */
  public Picture picture(String title) {
    String suggestion = String.format(Locale.ROOT, "learning rate (suggested: %.2g)", suggested());
    XYChart chart = Charts.of(title, suggestion, "bits per dimension");
    chart.getStyler().setXAxisLogarithmic(true);
    // Where rates are too high the loss rises: the other corner is empty.
    chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideSW);
    double[] rates = points.stream().mapToDouble(Point::rate).toArray();
    series(
        chart,
        "each step",
        rates,
        points.stream().mapToDouble(Point::bits).toArray(),
        new Color(190, 210, 230));
    series(
        chart,
        "smoothed",
        rates,
        points.stream().mapToDouble(Point::smoothed).toArray(),
        new Color(200, 70, 20));
    return Charts.picture(chart);
  }

  private static void series(
      XYChart chart, String name, double[] rates, double[] bits, Color colour) {
    XYSeries series = chart.addSeries(name, rates, bits);
    series.setLineColor(colour);
    series.setMarkerColor(colour);
    series.setMarker(rates.length <= 30 ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
  }
}
