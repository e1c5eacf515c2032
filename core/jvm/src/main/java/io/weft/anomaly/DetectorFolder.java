package io.weft.anomaly;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weft.Model;
import io.weft.engine.Device;
import io.weft.internal.files.Sha256;
import io.weft.internal.save.CompositeFormat;
import io.weft.internal.save.ModelContents;
import io.weft.json.LayerCatalog;
import io.weft.save.ModelFormatException;
import io.weft.weight.Weights;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/**
 * A detector as a folder: {@code anomaly-detector.json}, which has its score, its rate of false
 * alarms and what good images score, and the folders {@code model} and {@code background}, each a
 * model by itself. All three are written before any is replaced, so that a save which fails leaves
 * the old detector. The file has the fingerprints of both models' weights, of which its scores are:
 * what is left where the power goes off in the moment in which they are replaced is refused.
 */
public final class DetectorFolder {

  private static final String MODEL = "model";
  private static final String BACKGROUND = "background";
  private static final CompositeFormat FORMAT =
      new CompositeFormat(
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
   * Once begun it goes on to its end, though the caller is interrupted: half of it would be none.
   *
   * @throws io.weft.spec.DefinitionException if a layer is not in the catalog; nothing is written
   *     then
   * @throws ModelFormatException if the folder holds anything else than a saved detector
   * @throws IOException if writing fails; the old detector stays
   */
  public void save(AnomalyDetector detector) throws IOException {
    FORMAT.save(
        folder,
        tree(detector),
        List.of(slim(detector.model()), slim(detector.background())),
        catalog);
  }

  private static ModelContents slim(Model model) {
    try (Model slim = model.withoutTrainingState()) {
      return ModelContents.of(slim);
    }
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
   * Loads the detector; the folder may be a zip of one.
   *
   * @throws ModelFormatException if there is none, or it is damaged, foreign or newer
   * @throws IOException if the files cannot be read
   */
  public AnomalyDetector load(Device device) throws IOException {
    return FORMAT.load(
        folder,
        catalog,
        device,
        (tree, model, background) -> {
          DetectorJson json = new DetectorJson(tree);
          json.checkWeights(MODEL, fingerprint(model));
          json.checkWeights(BACKGROUND, fingerprint(background));
          return json.detector(model, background);
        });
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
}
