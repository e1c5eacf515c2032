package com.example.weft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.anomaly.Anomalies;
import io.weft.anomaly.AnomalyDetector;
import io.weft.data.EmbeddedDigits;
import io.weft.data.ImageSet;
import io.weft.define.Definition;
import io.weft.model.GatedPixelCnn;
import io.weft.train.TrainingOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnomalyTest {

  @Test
  void whatIsUnlikeGoodImagesIsFound(@TempDir Path folder) throws IOException {
    ImageSet good = EmbeddedDigits.count(240).size(8).levels(2).seed(1).grey();
    int[] ink = new int[good.spec().values()];
    Arrays.fill(ink, 1);
    ImageSet others = ImageSet.of(good.spec(), ink);
    TrainingOptions options = TrainingOptions.seed(1).steps(30).build();
    // region detect
    Definition definition = GatedPixelCnn.builder(good.spec()).blocks(1).maps(8).build();
    try (AnomalyDetector detector =
        AnomalyDetector.builder(definition).training(options).falseAlarms(0.1).fit(good)) {
      Anomalies found = detector.check(others);
      for (int image : found.strangestFirst()) {
        if (found.isAnomalous(image)) {
          found.heatMap(image).scaled(8).writePng(folder.resolve(image + ".png"));
        }
      }
      detector.save(folder.resolve("detector"));
    }
    // endregion
    assertTrue(Files.exists(folder.resolve("0.png")));
    try (AnomalyDetector again = AnomalyDetector.load(folder.resolve("detector"))) {
      assertEquals(0.1, again.falseAlarms());
      assertTrue(again.check(others).isAnomalous(0));
    }
  }
}
