package io.weft.explain;

import io.weft.anomaly.Anomalies;
import io.weft.anomaly.AnomalyDetector;
import io.weft.anomaly.AnomalyScore;
import io.weft.anomaly.AutomaticChoice;
import io.weft.data.ImageSet;
import io.weft.image.Picture;
import io.weft.internal.files.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What a detector found, on one page of HTML, which needs no other file and no network: the images
 * with where in them the strange is, the strangest first, and why the detector has its score, if
 * they are told by that one.
 */
public final class AnomalyReport {

  /** More images are counted, and not shown. */
  private static final int MOST = 200;

  private static final double LEAST_SHOWN = 0.001;

  private static final int SIDE = 96;

  private final AnomalyDetector detector;
  private final ImageSet images;
  private final Anomalies found;
  private final StringBuilder html = new StringBuilder();

  private AnomalyReport(AnomalyDetector detector, ImageSet images, Anomalies found) {
    this.detector = detector;
    this.images = images;
    this.found = found;
  }

  /**
   * Returns the page.
   *
   * @param images what was checked
   * @param found what the detector found of them
   * @param areas the areas under the ROC curve by what they are of, where labels are known; else
   *     empty
   * @throws IllegalArgumentException if the findings are of another number of images
   */
  public static String of(
      AnomalyDetector detector, ImageSet images, Anomalies found, Map<String, Double> areas) {
    if (images.size() != found.size()) {
      throw new IllegalArgumentException(
          images.size() + " images, but findings of " + found.size() + "; give the same images");
    }
    return new AnomalyReport(detector, images, found).page(areas);
  }

  /**
   * Writes the page, replacing the file only when the new one is whole; see {@link #of}.
   *
   * @throws IOException if writing fails
   */
  public static void write(
      AnomalyDetector detector,
      ImageSet images,
      Anomalies found,
      Map<String, Double> areas,
      Path file)
      throws IOException {
    byte[] bytes = of(detector, images, found, areas).getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(file, out -> out.write(bytes));
  }

  private String page(Map<String, Double> areas) {
    facts();
    if (!areas.isEmpty()) {
      areas(areas);
    }
    images();
    if (found.by() == detector.score()) {
      detector.choice().ifPresent(this::choice);
    }
    return HtmlPage.of("Anomalies", found.toString(), "", html);
  }

  private void facts() {
    Table table = new Table("what", "value");
    table.row("images of", detector.definition().image().toString());
    table.row("score", found.by().label());
    double threshold = detector.threshold(found.by(), detector.falseAlarms());
    table.row("score above which an image is flagged", number(threshold));
    table.row("good images flagged, at most", percent(detector.falseAlarms()));
    table.row("good images that p-values are of", "" + detector.heldOut());
    html.append(table.html());
  }

  private void areas(Map<String, Double> areas) {
    html.append("<h2 id=\"areas\">Against good images</h2>\n<p>The area under the ROC curve: the");
    html.append(" probability that such an image scores higher than a good one.</p>\n");
    Table table = new Table("images", ">area");
    areas.forEach((what, area) -> table.row(what, number(area)));
    html.append(table.html());
  }

  private void images() {
    int shown = Math.min(MOST, images.size());
    html.append("<h2 id=\"images\">Images, the strangest first</h2>\n<p>Beside each where it is");
    html.append(" strange; p is the share of good images that are as strange. ");
    html.append(shown).append(" of ").append(images.size()).append(" are shown.</p>\n");
    html.append("<div class=\"images\">\n");
    IntStream.of(found.strangestFirst()).limit(shown).forEach(this::image);
    html.append("</div>\n");
  }

  private void image(int image) {
    String name = Markup.escaped(images.file(image).orElse("image " + image));
    html.append("<figure>");
    picture(Picture.of(images, image).chequered(), name);
    picture(found.heatMap(image), "where " + name + " is strange");
    html.append("<figcaption>").append(found.isAnomalous(image) ? "<strong>" : "");
    html.append(name).append(found.isAnomalous(image) ? "</strong>, flagged" : "");
    html.append("<br><span class=\"quiet\">p ").append(p(found.pValue(image)));
    html.append(", score ").append(number(found.score(image)));
    html.append("</span></figcaption></figure>\n");
  }

  private void picture(Picture picture, String alternative) {
    html.append("<img alt=\"").append(alternative).append("\" src=\"data:image/png;base64,");
    byte[] png = picture.enlargedTo(SIDE).toPng();
    html.append(Base64.getEncoder().encodeToString(png)).append("\"> ");
  }

  private void choice(AutomaticChoice choice) {
    html.append("<h2 id=\"choice\">Why this score</h2>\n<p>How well each score tells good images");
    html.append(" from what they become when they are spoiled: the area under the ROC curve. The");
    html.append(" highest mean was chosen.</p>\n");
    List<String> titles = new ArrayList<>(List.of("score"));
    List<String> kinds = List.copyOf(choice.areas().get(AnomalyScore.LIKELIHOOD).keySet());
    kinds.forEach(kind -> titles.add(">" + kind));
    titles.add(">mean");
    Table table = new Table(titles.toArray(String[]::new));
    choice
        .areas()
        .forEach(
            (score, each) -> {
              List<String> cells = new ArrayList<>(List.of(score.label()));
              kinds.forEach(kind -> cells.add(number(each.get(kind))));
              cells.add(number(choice.mean(score)));
              table.row(cells.toArray(String[]::new));
            });
    html.append(table.html());
  }

  /** A p-value is above 0, and says so however many images made it. */
  private static String p(double value) {
    return value < LEAST_SHOWN ? "&lt; " + LEAST_SHOWN : "= " + number(value);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }
}
