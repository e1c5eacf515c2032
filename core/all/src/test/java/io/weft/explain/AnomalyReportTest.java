package io.weft.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.anomaly.Anomalies;
import io.weft.anomaly.AnomalyDetector;
import io.weft.anomaly.AnomalyScore;
import io.weft.data.EmbeddedDigits;
import io.weft.data.ImageSet;
import io.weft.engine.Device;
import io.weft.model.GatedPixelCnn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnomalyReportTest {

  private static final ImageSet DIGITS = EmbeddedDigits.count(50).size(8).levels(2).grey();

  private static AnomalyDetector detector() {
    var definition = GatedPixelCnn.builder(DIGITS.spec()).blocks(1).maps(2).build();
    return AnomalyDetector.of(
        Model.initial(definition, 1, Device.jvm()),
        Model.initial(definition, 2, Device.jvm()),
        DIGITS,
        0.1,
        1);
  }

  @Test
  void thePageHasAllThatWasFound(@TempDir Path folder) throws IOException {
    ImageSet three = DIGITS.take(3).fromFiles(List.of("a.png", "<b>.png", "c.png"));
    try (AnomalyDetector detector = detector()) {
      Anomalies found = detector.check(three);
      Path file = folder.resolve("report.html");
      AnomalyReport.write(detector, three, found, Map.of("scratches", 0.9876), file);
      String page = Files.readString(file);
      assertEquals(6, page.split("data:image/png;base64,", -1).length - 1);
      assertTrue(page.contains("<td style=\"text-align:right\">0.988</td>"), "the area");
      assertTrue(page.contains("a.png") && page.contains("&lt;b&gt;.png"), "names");
      assertFalse(page.contains("<b>.png"));
      assertTrue(page.contains("shuffled") && page.contains("likelihood-ratio"), "the choice");
      assertThrows(
          IllegalArgumentException.class,
          () -> AnomalyReport.of(detector, DIGITS, found, Map.of()));
    }
  }

  /** Its threshold is that of the findings, and why another score was chosen is beside them. */
  @Test
  void aPageOfFindingsByAnotherScoreIsOfThatScore() {
    ImageSet three = DIGITS.take(3);
    try (AnomalyDetector detector = detector()) {
      AnomalyScore other =
          detector.score() == AnomalyScore.LIKELIHOOD
              ? AnomalyScore.JOINT
              : AnomalyScore.LIKELIHOOD;
      String page = AnomalyReport.of(detector, three, detector.check(three).by(other), Map.of());
      String threshold = String.format(Locale.ROOT, "%.3f", detector.threshold(other, 0.1));
      assertTrue(page.contains("is flagged</td><td style=\"text-align:left\">" + threshold), page);
      assertFalse(page.contains("Why this score"), "the choice");
    }
  }
}
