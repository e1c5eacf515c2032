package io.weft.anomaly;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weft.Model;
import io.weft.engine.Device;
import io.weft.internal.files.Sha256;
import io.weft.internal.save.CompositeFolder;
import io.weft.json.LayerCatalog;
import io.weft.save.ModelFormatException;
import io.weft.weight.Weights;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A detector as a folder: {@code anomaly-detector.json}, which has its score, its rate of false
 * alarms and what good images score, and the folders {@code model} and {@code background}, each a
 * model by itself. The file is written last, and has the fingerprints of both models' weights, of
 * which its scores are: what a save that was cut short leaves is refused.
 */
public final class DetectorFolder {

  private static final String MODEL = "model";
  private static final String BACKGROUND = "background";
  private static final CompositeFolder FORMAT =
      new CompositeFolder(
          "anomaly detector",
          "anomaly-detector.json",
          "weft-anomaly-detector",
          1,
          List.of(MODEL, BACKGROUND));

  private final Path folder;
  private final LayerCatalog catalog;

  private DetectorFolder(Path folder, LayerCatalog catalog) {
    this.folder = Objects.requireNonNull(folder, "folder");
    this.catalog = Objects.requireNonNull(catalog, "catalog");
  }

  /**
   * Returns a folder, which need not exist yet.
   *
   * @param catalog the layers that its definitions may have
   */
  public static DetectorFolder of(Path folder, LayerCatalog catalog) {
    return new DetectorFolder(folder, catalog);
  }

  /** Returns whether there is a detector in a folder. */
  public static boolean isAt(Path folder) {
    return FORMAT.isAt(folder);
  }

  /**
   * Checks ahead of long work that nothing is here that {@link #save} would refuse to replace.
   *
   * @throws ModelFormatException if the folder holds anything else than a saved detector
   * @throws IOException if the folder cannot be read
   */
  public void checkReplaceable() throws IOException {
    FORMAT.checkReplaceable(folder, catalog);
  }

  /**
   * Saves a detector, replacing one that was there. Its models lose what training goes on from.
   *
   * @throws ModelFormatException if the folder holds anything else than a saved detector
   * @throws IOException if writing fails
   */
  public void save(AnomalyDetector detector) throws IOException {
    checkReplaceable();
    try (Model slim = detector.model().withoutTrainingState()) {
      slim.save(folder.resolve(MODEL), catalog);
    }
    try (Model slim = detector.background().withoutTrainingState()) {
      slim.save(folder.resolve(BACKGROUND), catalog);
    }
    FORMAT.write(folder, tree(detector));
  }

  private static ObjectNode tree(AnomalyDetector detector) {
    Calibration calibration = detector.calibration();
    ObjectNode tree = FORMAT.fresh();
    tree.put("score", detector.score().label()).put("false_alarms", detector.falseAlarms());
    tree.putObject("weights")
        .put(MODEL, fingerprint(detector.model()))
        .put(BACKGROUND, fingerprint(detector.background()));
    numbers(tree.putArray("mean"), calibration.gaussian().mean());
    ArrayNode rows = tree.putArray("covariance");
    for (double[] row : calibration.gaussian().covariance()) {
      numbers(rows.addArray(), row);
    }
    ObjectNode hottest = tree.putObject("hottest");
    calibration.hottest().forEach((by, heat) -> hottest.put(by.label(), heat));
    detector
        .choice()
        .ifPresent(
            choice -> {
              ObjectNode areas = tree.putObject("choice");
              choice
                  .areas()
                  .forEach(
                      (by, each) -> {
                        ObjectNode of = areas.putObject(by.label());
                        each.forEach(of::put);
                      });
            });
    ObjectNode heldOut = tree.putObject("held_out");
    calibration.heldOut().forEach((by, scores) -> numbers(heldOut.putArray(by.label()), scores));
    return tree;
  }

  private static void numbers(ArrayNode array, double[] numbers) {
    Arrays.stream(numbers).forEach(array::add);
  }

  /**
   * Loads the detector.
   *
   * @throws ModelFormatException if there is none, or it is damaged, foreign or newer
   * @throws IOException if the files cannot be read
   */
  public AnomalyDetector load(Device device) throws IOException {
    JsonNode tree = FORMAT.read(folder);
    Calibration calibration = calibration(tree);
    AnomalyScore score = score(tree.path("score").asText());
    double falseAlarms = number(tree.path("false_alarms"), "the rate of false alarms");
    try {
      Calibration.checkRate(falseAlarms, calibration.size());
    } catch (IllegalArgumentException e) {
      throw FORMAT.damaged(folder, e.getMessage());
    }
    Optional<AutomaticChoice> choice =
        tree.has("choice") ? Optional.of(choice(tree.path("choice"))) : Optional.empty();
    return FORMAT.load(
        folder,
        catalog,
        device,
        (model, background) -> {
          checkWeights(tree, MODEL, model);
          checkWeights(tree, BACKGROUND, background);
          return new AnomalyDetector(model, background, calibration, score, falseAlarms, choice);
        });
  }

  private void checkWeights(JsonNode tree, String name, Model model) throws ModelFormatException {
    if (!tree.path("weights").path(name).asText().equals(fingerprint(model))) {
      throw FORMAT.damaged(folder, "scores of another " + name + " than lies beside it");
    }
  }

  private static String fingerprint(Model model) {
    Sha256 sum = new Sha256();
    Weights weights = model.weights();
    for (String name : new TreeSet<>(weights.names())) {
      sum.add(name.getBytes(StandardCharsets.UTF_8));
      sum.add(weights.values(name));
    }
    return sum.hex();
  }

  private Calibration calibration(JsonNode tree) throws ModelFormatException {
    double[] mean = numbers(tree.path("mean"), "the mean");
    JsonNode rows = tree.path("covariance");
    if (mean.length != Measures.COUNT || rows.size() != Measures.COUNT) {
      throw FORMAT.damaged(folder, "a mean and covariance of other measures");
    }
    double[][] covariance = new double[Measures.COUNT][];
    for (int i = 0; i < covariance.length; i++) {
      covariance[i] = numbers(rows.get(i), "the covariance");
      if (covariance[i].length != Measures.COUNT || covariance[i][i] < 0) {
        throw FORMAT.damaged(folder, "no covariance");
      }
    }
    Map<AnomalyScore, double[]> heldOut = new EnumMap<>(AnomalyScore.class);
    Map<AnomalyScore, Double> hottest = new EnumMap<>(AnomalyScore.class);
    for (AnomalyScore by : AnomalyScore.values()) {
      double[] scores = numbers(tree.path("held_out").path(by.label()), "held-out scores");
      double[] sorted = scores.clone();
      Arrays.sort(sorted);
      int size = heldOut.values().stream().findFirst().map(other -> other.length).orElse(-1);
      if (scores.length == 0
          || !Arrays.equals(sorted, scores)
          || (size >= 0 && size != scores.length)) {
        throw FORMAT.damaged(folder, "held-out scores by " + by + " that do not ascend as saved");
      }
      heldOut.put(by, scores);
      hottest.put(by, number(tree.path("hottest").path(by.label()), "the heat by " + by));
    }
    return new Calibration(Gaussian.of(mean, covariance), heldOut, hottest);
  }

  private AutomaticChoice choice(JsonNode tree) throws ModelFormatException {
    Map<AnomalyScore, Map<String, Double>> areas = new EnumMap<>(AnomalyScore.class);
    for (AnomalyScore by : AnomalyScore.values()) {
      Map<String, Double> each = new LinkedHashMap<>();
      for (var field : tree.path(by.label()).properties()) {
        each.put(field.getKey(), number(field.getValue(), "an area by " + by));
      }
      if (each.isEmpty()) {
        throw FORMAT.damaged(folder, "no areas by " + by);
      }
      areas.put(by, each);
    }
    return AutomaticChoice.of(areas);
  }

  private AnomalyScore score(String label) throws ModelFormatException {
    try {
      return AnomalyScore.named(label);
    } catch (IllegalArgumentException e) {
      throw FORMAT.damaged(folder, e.getMessage());
    }
  }

  private double[] numbers(JsonNode array, String what) throws ModelFormatException {
    double[] numbers = new double[array.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = number(array.get(i), what);
    }
    return numbers;
  }

  private double number(JsonNode node, String what) throws ModelFormatException {
    if (!node.isNumber() || !Double.isFinite(node.doubleValue())) {
      throw FORMAT.damaged(folder, "no number in " + what);
    }
    return node.doubleValue();
  }
}
