package io.weft.anomaly;

import com.fasterxml.jackson.databind.JsonNode;
import io.weft.Model;
import io.weft.internal.save.CompositeFormat.Tree;
import io.weft.save.ModelFormatException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What is read of a detector's file of JSON, all of it checked. */
record DetectorJson(Tree tree) {

  /**
   * Returns the detector of its two models.
   *
   * @throws ModelFormatException if the file is damaged
   */
  AnomalyDetector detector(Model model, Model background) throws ModelFormatException {
    JsonNode json = tree.json();
    Calibration calibration = calibration();
    AnomalyScore score = score(json.path("score").asText());
    double falseAlarms = number(json.path("false_alarms"), "the rate of false alarms");
    try {
      Calibration.checkRate(falseAlarms, calibration.size());
    } catch (IllegalArgumentException e) {
      throw tree.damaged(e.getMessage());
    }
    Optional<AutomaticChoice> choice =
        json.has("choice") ? Optional.of(choice(json.path("choice"))) : Optional.empty();
    return new AnomalyDetector(model, background, calibration, score, falseAlarms, choice);
  }

  /**
   * Checks that the scores are those of a model.
   *
   * @param fingerprint of its weights
   * @throws ModelFormatException if they are of other weights
   */
  void checkWeights(String name, String fingerprint) throws ModelFormatException {
    if (!tree.json().path("weights").path(name).asText().equals(fingerprint)) {
      throw tree.damaged("scores of another " + name + " than lies beside it");
    }
  }

  private Calibration calibration() throws ModelFormatException {
    double[] mean = numbers(tree.json().path("mean"), "the mean");
    JsonNode rows = tree.json().path("covariance");
    if (mean.length != Measures.COUNT || !rows.isArray() || rows.size() != Measures.COUNT) {
      throw tree.damaged("a mean and covariance of other measures");
    }
    double[][] covariance = new double[Measures.COUNT][];
    for (int i = 0; i < covariance.length; i++) {
      covariance[i] = numbers(rows.get(i), "the covariance");
      if (covariance[i].length != Measures.COUNT || covariance[i][i] < 0) {
        throw tree.damaged("no covariance");
      }
    }
    Map<AnomalyScore, double[]> heldOut = new EnumMap<>(AnomalyScore.class);
    Map<AnomalyScore, Double> hottest = new EnumMap<>(AnomalyScore.class);
    for (AnomalyScore by : AnomalyScore.values()) {
      double[] scores =
          numbers(tree.json().path("held_out").path(by.label()), "held-out scores by " + by);
      double[] sorted = scores.clone();
      Arrays.sort(sorted);
      int size = heldOut.values().stream().findFirst().map(other -> other.length).orElse(-1);
      if (scores.length == 0
          || !Arrays.equals(sorted, scores)
          || (size >= 0 && size != scores.length)) {
        throw tree.damaged("held-out scores by " + by + " that do not ascend as saved");
      }
      heldOut.put(by, scores);
      hottest.put(by, number(tree.json().path("hottest").path(by.label()), "the heat by " + by));
    }
    return new Calibration(Gaussian.of(mean, covariance), heldOut, hottest);
  }

  private AutomaticChoice choice(JsonNode saved) throws ModelFormatException {
    Map<AnomalyScore, Map<String, Double>> areas = new EnumMap<>(AnomalyScore.class);
    Set<String> names = Set.of();
    for (AnomalyScore by : AnomalyScore.values()) {
      Map<String, Double> each = new LinkedHashMap<>();
      for (var field : saved.path(by.label()).properties()) {
        each.put(field.getKey(), number(field.getValue(), "an area by " + by));
      }
      if (each.isEmpty()) {
        throw tree.damaged("no areas by " + by);
      }
      names = areas.isEmpty() ? each.keySet() : names;
      if (!each.keySet().equals(names)) {
        throw tree.damaged("areas by " + by + " of " + each.keySet() + ", not of " + names);
      }
      areas.put(by, each);
    }
    return AutomaticChoice.of(areas);
  }

  private AnomalyScore score(String label) throws ModelFormatException {
    try {
      return AnomalyScore.named(label);
    } catch (IllegalArgumentException e) {
      throw tree.damaged(e.getMessage());
    }
  }

  private double[] numbers(JsonNode array, String what) throws ModelFormatException {
    if (!array.isArray()) {
      throw tree.damaged("no list of numbers in " + what);
    }
    double[] numbers = new double[array.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = number(array.get(i), what);
    }
    return numbers;
  }

  private double number(JsonNode node, String what) throws ModelFormatException {
    if (!node.isNumber() || !Double.isFinite(node.doubleValue())) {
      throw tree.damaged("no number in " + what);
    }
    return node.doubleValue();
  }
}
