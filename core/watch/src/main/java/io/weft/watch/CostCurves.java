package io.weft.watch;

import io.weft.image.Picture;
import io.weft.score.MixtureScores;
import java.util.Arrays;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Draws what images cost under several models: for each the share of images that cost at most so
 * many nats. The curve further to the left is of the better model; where curves cross, one model is
 * better with some images and worse with others. Needs no screen, but fonts.
 */
public final class CostCurves {

  private static final double PER_CENT = 100;

  private CostCurves() {}

  /**
   * Returns the picture, of 1800 x 1120 pixels. Of more than one model there is a curve of their
   * mixture too.
   *
   * @param names of the members, in their order
   * @param title what stands above
   * @throws IllegalArgumentException if there are more or fewer names than members, or an image is
   *     impossible under a member
   * @throws IllegalStateException if Java has no fonts on this machine
   */
  public static Picture of(MixtureScores scores, List<String> names, String title) {
    if (names.size() != scores.members()) {
      throw new IllegalArgumentException(
          "found " + names.size() + " names; expected one for each of " + scores.members());
    }
    XYChart chart = Charts.of(title, "nats an image, at most", "share of the images, %");
    // Costs that differ by less than a nat want ticks that do: of equal ones XChart finds no end.
    chart.getStyler().setXAxisDecimalPattern("#,##0.##########");
    chart.getStyler().setXAxisTickMarkSpacingHint(100);
    chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideSE);
    chart.getStyler().setYAxisMax(PER_CENT);
    chart.getStyler().setYAxisMin(0.0);
    chart.getStyler().setYAxisDecimalPattern("0");
    chart.getStyler().setYAxisTickMarkSpacingHint(60);
    for (int member = 0; member < names.size(); member++) {
      add(chart, (member + 1) + ". " + names.get(member), scores.under(member));
    }
    if (names.size() > 1) {
      add(chart, "all together", scores.logLikelihoods());
    }
    return Charts.picture(chart);
  }

  private static void add(XYChart chart, String name, double[] logLikelihoods) {
    double[] costs = Arrays.stream(logLikelihoods).map(log -> -log).sorted().toArray();
    if (Double.isInfinite(costs[costs.length - 1])) {
      throw new IllegalArgumentException(
          name + " finds an image impossible, which no curve can show; leave it out");
    }
    // A curve begins at 0: evenly spaced shares would have ticks of their own, however crooked.
    double[] shares = new double[costs.length];
    Arrays.setAll(shares, i -> PER_CENT * (i + 1) / costs.length);
    shares[0] = costs.length == 1 ? PER_CENT : 0;
    XYSeries series = chart.addSeries(name, costs, shares);
    series.setMarker(costs.length == 1 ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
  }
}
