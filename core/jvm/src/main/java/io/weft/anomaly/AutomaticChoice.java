package io.weft.anomaly;

import io.weft.Model;
import io.weft.data.ImageSet;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Why a detector has its score: how well each tells good images from what they become when they are
 * blanked, inverted, made noisy, shuffled, turned, or given a small square. That needs no
 * anomalies, and no labels. The score of the highest mean is chosen. Immutable.
 */
public final class AutomaticChoice {

  private final Map<AnomalyScore, Map<String, Double>> areas;

  private AutomaticChoice(Map<AnomalyScore, Map<String, Double>> areas) {
    this.areas = areas;
  }

  /** Takes over the areas by score and corruption; each score has the same corruptions. */
  static AutomaticChoice of(Map<AnomalyScore, Map<String, Double>> areas) {
    Map<AnomalyScore, Map<String, Double>> copy = new EnumMap<>(AnomalyScore.class);
    areas.forEach(
        (score, each) -> copy.put(score, Collections.unmodifiableMap(new LinkedHashMap<>(each))));
    return new AutomaticChoice(Collections.unmodifiableMap(copy));
  }

  /**
   * Tries all scores on the corruptions of good images.
   *
   * @param good what was measured of them
   */
  static AutomaticChoice of(
      Gaussian gaussian,
      ImageSet images,
      List<Measures> good,
      Model model,
      Model background,
      long seed) {
    Map<AnomalyScore, Map<String, Double>> areas = new EnumMap<>(AnomalyScore.class);
    for (AnomalyScore score : AnomalyScore.values()) {
      areas.put(score, new LinkedHashMap<>());
    }
    for (Corruption corruption : Corruption.values()) {
      List<Measures> bad =
          Measured.each(
              images, (some, first) -> corruption.of(some, seed, first), model, background);
      areas.forEach(
          (score, each) ->
              each.put(
                  corruption.name().toLowerCase(Locale.ROOT),
                  Auroc.of(
                      Calibration.scores(gaussian, score, good),
                      Calibration.scores(gaussian, score, bad))));
    }
    return of(areas);
  }

  /** Returns the area under the ROC curve ({@link Auroc}) of each corruption, by score. */
  public Map<AnomalyScore, Map<String, Double>> areas() {
    return areas;
  }

  /** Returns the mean area of a score. */
  public double mean(AnomalyScore score) {
    return areas.get(score).values().stream().mapToDouble(a -> a).average().orElseThrow();
  }

  /** Returns the score of the highest mean; of several, the simplest, which comes first. */
  public AnomalyScore best() {
    return Arrays.stream(AnomalyScore.values())
        .reduce((best, next) -> mean(next) > mean(best) ? next : best)
        .orElseThrow();
  }
}
