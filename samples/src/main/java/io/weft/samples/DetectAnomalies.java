package io.weft.samples;

import io.weft.anomaly.Anomalies;
import io.weft.anomaly.AnomalyDetector;
import io.weft.anomaly.AnomalyScore;
import io.weft.anomaly.Auroc;
import io.weft.data.EmbeddedDigits;
import io.weft.data.ImageSet;
import io.weft.define.Definition;
import io.weft.image.ContactSheet;
import io.weft.image.Picture;
import io.weft.model.GatedPixelCnn;
import io.weft.optimise.Adam;
import io.weft.samples.cli.Printing;
import io.weft.spec.ImageSpec;
import io.weft.train.TrainingOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A detector that has seen digits alone tells them from what is none: how well by each score, and
 * where in the images it sees it.
 *
 * <pre>{@code
 * mvn -q package -DskipTests
 * java -cp "samples/target/weft/lib/*" io.weft.samples.DetectAnomalies anomalies.png
 * }</pre>
 */
public final class DetectAnomalies {

  private static final int SIDE = 12;
  private static final int LEVELS = 4;
  private static final int SHOWN = 10;

  private DetectAnomalies() {}

  /** Returns digits that the detector has not seen, and what becomes of them, by name. */
  static Map<String, ImageSet> tasks(ImageSet digits) {
    ImageSpec image = digits.spec();
    Map<String, ImageSet> tasks = new LinkedHashMap<>();
    tasks.put("rotated by a quarter", changed(digits, DetectAnomalies::rotate));
    tasks.put("inverted", changed(digits, (l, r) -> invert(l)));
    tasks.put("blank", changed(digits, (l, r) -> new int[l.length]));
    tasks.put("noisy, 10 % of the values", changed(digits, DetectAnomalies::noise));
    tasks.put("nine patches shuffled", changed(digits, DetectAnomalies::shuffle));
    tasks.put("letters", Letters.draw(digits.size(), image, 5));
    tasks.put("a hidden square of 2x2", changed(digits, DetectAnomalies::hideSquare));
    return tasks;
  }

  /** What is done to the levels of an image. */
  private interface Change {
    int[] of(int[] levels, Random random);
  }

  private static ImageSet changed(ImageSet images, Change change) {
    Random random = new Random(11);
    int[] all =
        IntStream.range(0, images.size())
            .mapToObj(i -> change.of(images.image(i), random))
            .flatMapToInt(Arrays::stream)
            .toArray();
    return ImageSet.of(images.spec(), all);
  }

  private static int[] rotate(int[] levels, Random random) {
    boolean clockwise = random.nextBoolean();
    return IntStream.range(0, levels.length)
        .map(i -> (SIDE - 1 - i % SIDE) * SIDE + i / SIDE)
        .map(i -> levels[clockwise ? i : levels.length - 1 - i])
        .toArray();
  }

  private static int[] invert(int[] levels) {
    return Arrays.stream(levels).map(level -> LEVELS - 1 - level).toArray();
  }

  private static int[] noise(int[] levels, Random random) {
    return Arrays.stream(levels)
        .map(level -> random.nextDouble() < 0.1 ? random.nextInt(LEVELS) : level)
        .toArray();
  }

  private static int[] shuffle(int[] levels, Random random) {
    int side = SIDE / 3;
    List<Integer> places = new ArrayList<>(IntStream.range(0, 9).boxed().toList());
    Collections.shuffle(places, random);
    return IntStream.range(0, levels.length)
        .map(
            i -> {
              int row = i / SIDE;
              int column = i % SIDE;
              int from = places.get(row / side * 3 + column / side);
              return levels[
                  (from / 3 * side + row % side) * SIDE + from % 3 * side + column % side];
            })
        .toArray();
  }

  /** Puts a square of ink where there is none. */
  private static int[] hideSquare(int[] levels, Random random) {
    int at;
    do {
      at = random.nextInt(SIDE - 1) * SIDE + random.nextInt(SIDE - 1);
    } while (levels[at] + levels[at + 1] + levels[at + SIDE] + levels[at + SIDE + 1] > 0);
    for (int place : new int[] {at, at + 1, at + SIDE, at + SIDE + 1}) {
      levels[place] = LEVELS - 1;
    }
    return levels;
  }

  static void detect(int images, int tested, long steps, Path picture, Consumer<String> say)
      throws IOException {
    ImageSet good = EmbeddedDigits.count(images).size(SIDE).levels(LEVELS).seed(1).grey();
    ImageSet others = EmbeddedDigits.count(tested).size(SIDE).levels(LEVELS).seed(2).grey();
    Definition definition = GatedPixelCnn.builder(good.spec()).blocks(2).maps(16).build();
    TrainingOptions training =
        TrainingOptions.seed(1).steps(steps).batch(32).optimiser(Adam.withRate(3e-3)).build();
    try (AnomalyDetector detector =
        AnomalyDetector.builder(definition).training(training).falseAlarms(0.05).fit(good)) {
      Anomalies usual = detector.check(others);
      say.accept(usual + ", and should be 5 in 100 of them at most");
      say.accept("the chosen score is " + detector.score());
      say.accept(row("task", Arrays.stream(AnomalyScore.values()).map(s -> s.label())));
      List<Picture> pictures = new ArrayList<>(shown(others, usual));
      tasks(others)
          .forEach(
              (task, strange) -> {
                Anomalies found = detector.check(strange);
                say.accept(
                    areas(
                        task,
                        Arrays.stream(AnomalyScore.values())
                            .mapToDouble(
                                s -> Auroc.of(usual.by(s).scores(), found.by(s).scores()))));
                say.accept(
                    String.format(
                        Locale.ROOT,
                        "  %s; %.1f nats an image, digits %.1f",
                        found,
                        mean(found),
                        mean(usual)));
                pictures.addAll(shown(strange, found));
              });
      new ContactSheet(SHOWN).of(pictures).writePng(picture);
      say.accept("wrote " + picture);
    }
  }

  private static double mean(Anomalies found) {
    return Arrays.stream(found.by(AnomalyScore.LIKELIHOOD).scores()).average().orElseThrow();
  }

  /** Some images, and below them where the strange is. */
  private static List<Picture> shown(ImageSet images, Anomalies found) {
    List<Picture> rows = new ArrayList<>();
    IntStream.range(0, SHOWN).forEach(i -> rows.add(Picture.of(images, i).scaled(4)));
    IntStream.range(0, SHOWN).forEach(i -> rows.add(found.heatMap(i).scaled(4)));
    return rows;
  }

  /** A row of areas under the ROC curve. */
  static String areas(String first, DoubleStream areas) {
    return row(first, areas.mapToObj(area -> String.format(Locale.ROOT, "%.3f", area)));
  }

  /** A row of a table. */
  static String row(String first, Stream<String> cells) {
    return String.format(Locale.ROOT, "%-26s", first)
        + cells.map(c -> String.format(Locale.ROOT, "%17s", c)).collect(Collectors.joining());
  }

  /** Runs the sample. The first argument is the file for the picture. */
  public static void main(String[] arguments) throws IOException {
    Path picture = Path.of(arguments.length > 0 ? arguments[0] : "anomalies.png");
    detect(4_000, 300, 1_500, picture, System.out::println);
    Printing.checkPrinted();
  }
}
