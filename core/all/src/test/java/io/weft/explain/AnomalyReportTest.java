package io.weft.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.anomaly.Anomalies;
import io.weft.anomaly.AnomalyDetector;
import io.weft.data.EmbeddedDigits;
import io.weft.data.ImageSet;
import io.weft.engine.Device;
import io.weft.model.GatedPixelCnn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnomalyReportTest {

  @Test
  void thePageHasAllThatWasFound(@TempDir Path folder) throws IOException {
    ImageSet digits = EmbeddedDigits.count(50).size(8).levels(2).grey();
    var definition = GatedPixelCnn.builder(digits.spec()).blocks(1).maps(2).build();
    ImageSet three = digits.take(3).fromFiles(List.of("a.png", "<b>.png", "c.png"));
    try (AnomalyDetector detector =
        AnomalyDetector.of(
            Model.initial(definition, 1, Device.jvm()),
            Model.initial(definition, 2, Device.jvm()),
            digits,
            0.1,
            1)) {
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
          () -> AnomalyReport.of(detector, digits, found, Map.of()));
    }
  }
}
