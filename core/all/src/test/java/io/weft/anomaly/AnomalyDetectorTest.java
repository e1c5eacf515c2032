package io.weft.anomaly;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.data.EmbeddedDigits;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.data.Mutation;
import io.weft.define.Definition;
import io.weft.engine.Device;
import io.weft.json.LayerCatalog;
import io.weft.model.GatedPixelCnn;
import io.weft.optimise.Adam;
import io.weft.save.ModelFormatException;
import io.weft.score.Scores;
import io.weft.train.TrainingOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnomalyDetectorTest {

  private static final ImageSet GOOD = digits(600, 1);
  private static final ImageSet NEW = digits(200, 2);
  private static final Definition DEFINITION =
      GatedPixelCnn.builder(GOOD.spec()).blocks(1).maps(8).build();
  private static final TrainingOptions TRAINING =
      TrainingOptions.seed(1).steps(150).batch(32).optimiser(Adam.withRate(1e-2)).build();

  /** An object with as many members as the lists of a detector's file that it replaces. */
  private static final String FOUR = "{\"a\":1,\"b\":1,\"c\":1,\"d\":1}";

  private static final String MEAN = "(\"mean\" : )\\[[^\\]]*\\]";
  private static final String ROW = "(\"covariance\" : \\[ )\\[[^\\]]*\\]";
  private static final String COVARIANCE = "(\"covariance\" : )\\[.*\\] \\]";
  private static final String HELD_OUT = "(\"likelihood\" : )\\[[^\\]]*\\]";

  private static AnomalyDetector detector;
  private static Anomalies usual;

  private static ImageSet digits(int count, long seed) {
    return EmbeddedDigits.count(count).size(10).levels(2).seed(seed).grey();
  }

  @BeforeAll
  static void fit() {
    detector = AnomalyDetector.builder(DEFINITION).training(TRAINING).fit(GOOD);
    usual = detector.check(NEW);
  }

  @AfterAll
  static void close() {
    detector.close();
  }

  private static double area(AnomalyScore by, ImageSet strange) {
    return Auroc.of(usual.by(by).scores(), detector.check(strange).by(by).scores());
  }

  @Test
  void whatIsUnlikeGoodImagesScoresHigher() {
    for (Corruption corruption : Corruption.values()) {
      double area = area(detector.score(), corruption.of(NEW, 9, 0));
      assertTrue(area > 0.75, corruption + " has an area of " + area);
    }
  }

  @Test
  void aBlankImageIsTheLikeliestOfAll() {
    ImageSet blank = Corruption.BLANK.of(NEW, 9, 0);
    assertEquals(0, area(AnomalyScore.LIKELIHOOD, blank), 0.02);
    for (AnomalyScore by :
        List.of(AnomalyScore.COMPLEXITY, AnomalyScore.TYPICALITY, AnomalyScore.JOINT)) {
      double area = area(by, blank);
      assertTrue(area > 0.9, by + " has an area of " + area);
    }
  }

  @Test
  void goodImagesAreFlaggedNoMoreOftenThanAsked() {
    for (AnomalyScore by : AnomalyScore.values()) {
      Anomalies seen = usual.by(by);
      long flagged = IntStream.range(0, NEW.size()).filter(seen::isAnomalous).count();
      // 5 in 100 of 200 are 10, known from 60 images: a chance of 1 in 1,000 that it is over 28.
      assertTrue(flagged <= 28, by + " flags " + flagged);
    }
  }

  @Test
  void thresholdPValueAndFlagSayTheSame() {
    Anomalies found = usual;
    for (int image = 0; image < NEW.size(); image++) {
      assertEquals(found.score(image) > detector.threshold(), found.isAnomalous(image));
      assertTrue(found.pValue(image) >= 1.0 / (detector.heldOut() + 1) && found.pValue(image) <= 1);
    }
    int[] order = found.strangestFirst();
    assertEquals(NEW.size(), Arrays.stream(order).distinct().count());
    for (int i = 1; i < order.length; i++) {
      assertTrue(found.score(order[i - 1]) >= found.score(order[i]));
    }
  }

  @Test
  void thresholdsOfOtherScoresAndRatesAreWhatTheyFlagBy() {
    assertEquals(detector.threshold(), detector.threshold(detector.score(), 0.05));
    for (AnomalyScore by : AnomalyScore.values()) {
      double threshold = detector.threshold(by, 0.2);
      assertTrue(threshold <= detector.threshold(by, 0.05), by + " at more false alarms");
      Anomalies seen = usual.by(by);
      for (int image = 0; image < NEW.size(); image++) {
        assertEquals(seen.pValue(image) <= 0.2, seen.score(image) > threshold);
      }
    }
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () -> detector.threshold(AnomalyScore.LIKELIHOOD, 0.001));
    assertTrue(error.getMessage().contains("takes 999 held-out"), error.getMessage());
  }

  @Test
  void theChoiceIsTheScoreOfTheHighestMean() {
    AutomaticChoice choice = detector.choice().orElseThrow();
    assertEquals(choice.best(), detector.score());
    for (AnomalyScore by : AnomalyScore.values()) {
      assertTrue(choice.mean(by) <= choice.mean(choice.best()));
      assertEquals(Corruption.values().length, choice.areas().get(by).size());
    }
    assertTrue(choice.areas().get(AnomalyScore.LIKELIHOOD).get("blank") < 0.1);
  }

  @Test
  void heatIsWhereTheStrangeIs() {
    ImageSet square = Corruption.SQUARE.of(NEW.take(40), 3, 0);
    Anomalies found = detector.check(square).by(AnomalyScore.LIKELIHOOD);
    int hits = 0;
    for (int image = 0; image < square.size(); image++) {
      float[] heat = found.heat(image);
      int hottest = IntStream.range(0, heat.length).reduce(0, (a, b) -> heat[b] > heat[a] ? b : a);
      int row = hottest / 10;
      int column = hottest % 10;
      boolean near = false;
      for (int pixel = 0; pixel < heat.length; pixel++) {
        boolean changed = square.image(image)[pixel] != NEW.image(image)[pixel];
        near |= changed && Math.abs(pixel / 10 - row) <= 2 && Math.abs(pixel % 10 - column) <= 2;
      }
      hits += near ? 1 : 0;
      double sum = 0;
      for (float pixel : heat) {
        sum += pixel;
      }
      assertEquals(found.score(image), sum, 1e-3);
    }
    assertTrue(hits >= 25, hits + " of 40 squares are where it is hottest");
    assertEquals(3, found.heatMap(0).channels());
    assertEquals(10, found.heatMap(0).width());
  }

  @Test
  void theRatioIsOfTheTwoModels() {
    Anomalies found = detector.check(NEW.take(5)).by(AnomalyScore.LIKELIHOOD_RATIO);
    Examples examples = Examples.of(NEW.take(5));
    Scores own = detector.model().score(examples);
    Scores background = detector.background().score(examples);
    for (int image = 0; image < 5; image++) {
      assertEquals(own.nats(image) - background.nats(image), found.score(image), 1e-9);
    }
  }

  @Test
  void aSavedDetectorSaysTheSame(@TempDir Path folder) throws IOException {
    Path place = folder.resolve("detector");
    detector.save(place);
    detector.save(place);
    assertTrue(DetectorFolder.isAt(place));
    ImageSet some = NEW.take(20);
    Anomalies before = detector.check(some);
    try (AnomalyDetector loaded = AnomalyDetector.load(place);
        AnomalyDetector java = AnomalyDetector.load(place, LayerCatalog.standard(), Device.jvm())) {
      assertEquals(detector.score(), loaded.score());
      assertEquals(detector.threshold(), loaded.threshold());
      assertEquals(detector.choice().orElseThrow().areas(), loaded.choice().orElseThrow().areas());
      Anomalies after = loaded.check(some);
      for (AnomalyScore by : AnomalyScore.values()) {
        assertArrayEquals(before.by(by).scores(), after.by(by).scores());
        assertArrayEquals(before.by(by).scores(), java.check(some).by(by).scores(), 0.05);
      }
      assertArrayEquals(before.heatMap(0).toPng(), after.heatMap(0).toPng());
    }
    Path file = place.resolve("anomaly-detector.json");
    String text = Files.readString(file);
    damaged(place, text.replace("\"version\" : 1", "\"version\" : 2"), "made by a newer Weft");
    damaged(place, text.replace("\"score\" : \"joint\"", "\"score\" : \"best\""), "no score");
    damaged(place, text.replace("\"false_alarms\" : 0.05", "\"false_alarms\" : 0.001"), "999");
    damaged(place, text.replaceFirst("\"mean\" : \\[ [^,]*,", "\"mean\" : ["), "other measures");
    damaged(place, text.replaceFirst("\"mean\" : \\[ [^,]*,", "\"mean\" : [ \"a\","), "no number");
    damaged(place, text.substring(0, 80), "no JSON");
    damaged(
        place, text.replace("\"background\" : \"", "\"background\" : \"0"), "another background");
    damaged(place, text.replace("\"held_out\"", "\"held\""), "held-out scores by likelihood");
    damaged(place, text.replaceFirst("\"blank\"", "\"white\""), "not of [white");
    damaged(place, text.replaceFirst(MEAN, "$1" + FOUR), "no list of numbers in the mean");
    damaged(place, text.replaceFirst(ROW, "$1" + FOUR), "no list of numbers in the covariance");
    damaged(place, text.replaceFirst(COVARIANCE, "$1" + FOUR), "other measures");
    damaged(
        place, text.replaceFirst(HELD_OUT, "$1" + FOUR), "no list of numbers in held-out scores");
  }

  /** Also where the second of the models is what cannot be written. */
  @Test
  void aSaveThatFailsLeavesTheOldDetector(@TempDir Path folder) throws IOException {
    Path place = folder.resolve("detector");
    detector.save(place);
    try (AnomalyDetector other =
        AnomalyDetector.of(
            Model.initial(DEFINITION, 8), Model.initial(DEFINITION, 9), GOOD.take(80), 0.05, 1)) {
      Files.createDirectory(place.resolve(".background.weft-lock"));
      assertThrows(IOException.class, () -> other.save(place));
      try (AnomalyDetector loaded = AnomalyDetector.load(place)) {
        assertArrayEquals(usual.scores(), loaded.check(NEW).scores());
      }
      Files.delete(place.resolve(".background.weft-lock"));
      other.save(place);
      AnomalyDetector.load(place).close();
    }
  }

  private static void damaged(Path place, String text, String words) throws IOException {
    Path file = place.resolve("anomaly-detector.json");
    String before = Files.readString(file);
    assertFalse(before.equals(text), "nothing was damaged for \"" + words + "\"");
    Files.writeString(file, text);
    var error = assertThrows(ModelFormatException.class, () -> AnomalyDetector.load(place));
    assertTrue(error.getMessage().contains(words), error.getMessage());
    Files.writeString(file, before);
  }

  @Test
  void whatCannotBeFitIsRefused() {
    refused("takes 19 held-out good images", () -> builder().fit(GOOD.take(100)));
    refused("above 0 and below 1, found 1.0", () -> builder().falseAlarms(1));
    refused("above 0 and at most 1, found 0", () -> builder().mutationRate(0));
    refused("these are 8x8x1", () -> builder().fit(EmbeddedDigits.count(500).size(8).grey()));
    refused(
        "too few to say what good ones score", () -> builder().falseAlarms(0.4).fit(GOOD.take(40)));
    Definition ofClasses =
        GatedPixelCnn.builder(GOOD.spec()).blocks(1).maps(4).classCondition("digit", 10).build();
    refused("is conditioned on \"digit\"", () -> AnomalyDetector.builder(ofClasses));
    try (Model one = Model.initial(DEFINITION, 1);
        Model other = Model.initial(DEFINITION, 2)) {
      refused("takes 99 held-out", () -> AnomalyDetector.of(one, other, GOOD.take(90), 0.01, 1));
    }
  }

  private static AnomalyDetector.Builder builder() {
    return AnomalyDetector.builder(DEFINITION).training(TRAINING);
  }

  private static void refused(String words, org.junit.jupiter.api.function.Executable call) {
    var error = assertThrows(IllegalArgumentException.class, call);
    assertTrue(error.getMessage().contains(words), error.getMessage());
  }

  @Test
  void manyImagesAreMeasuredInParts() {
    Measured.Change noise = (some, first) -> Corruption.NOISY.of(some, 4, first);
    ImageSet images = NEW.take(23);
    HeldOut whole = new HeldOut();
    HeldOut parts = new HeldOut();
    List<Integer> sizes = new ArrayList<>();
    Measured.inParts(images, noise, detector.model(), detector.background(), whole::add);
    Measured.inParts(
        images,
        9,
        noise,
        detector.model(),
        detector.background(),
        part -> {
          sizes.add(part.size());
          parts.add(part);
        });
    assertEquals(List.of(9, 9, 5), sizes);
    assertEquals(23, parts.each().size());
    for (int image = 0; image < 23; image++) {
      assertArrayEquals(
          whole.each().get(image).vector(), parts.each().get(image).vector(), 1e-4, "" + image);
    }
    for (AnomalyScore by : AnomalyScore.values()) {
      assertArrayEquals(whole.hottest(by), parts.hottest(by), 1e-4, "" + by);
    }
  }

  @Test
  void anAreaCountsPairsAndTiesHalf() {
    assertEquals(1, Auroc.of(new double[] {1, 2}, new double[] {3}));
    assertEquals(0, Auroc.of(new double[] {1, 2}, new double[] {0}));
    assertEquals(0.625, Auroc.of(new double[] {1, 2}, new double[] {2, 1.5}));
    double infinite = Double.POSITIVE_INFINITY;
    assertEquals(0.5, Auroc.of(new double[] {infinite}, new double[] {infinite, infinite}));
    assertEquals(0.5, Auroc.of(new double[] {-infinite}, new double[] {-infinite}));
    // Two wins and a tie of four pairs.
    assertEquals(0.625, Auroc.of(new double[] {1, infinite}, new double[] {2, infinite}));
    assertEquals(0.5, Auroc.of(new double[] {-0.0}, new double[] {0.0}));
    assertThrows(IllegalArgumentException.class, () -> Auroc.of(new double[0], new double[1]));
    assertThrows(
        IllegalArgumentException.class, () -> Auroc.of(new double[] {Double.NaN}, new double[1]));
  }

  @Test
  void aMutationReplacesItsShareOfValuesAndRepeats() {
    ImageSet grey = EmbeddedDigits.count(50).size(10).levels(4).grey();
    ImageSet once = grey.varied(Mutation.of(0.5, 3));
    assertArrayEquals(once.image(7), grey.varied(Mutation.of(0.5, 3)).image(7));
    int changed = 0;
    for (int image = 0; image < grey.size(); image++) {
      for (int i = 0; i < 100; i++) {
        changed += once.image(image)[i] == grey.image(image)[i] ? 0 : 1;
      }
    }
    // Half of 5,000 are replaced, a quarter of these by what was there: 1,875, deviation 34.
    assertEquals(1875, changed, 200);
  }

  @Test
  void theDistanceIsMahalanobis() {
    // Independent, of variances 1 and 4 about (1, 2).
    Gaussian flat = Gaussian.of(new double[] {1, 2}, new double[][] {{1, 0}, {0, 4}});
    assertEquals(Math.sqrt(9 + 4), flat.distance(new double[] {4, 6}), 1e-9);
    // Correlated by 0.8: along the diagonal it is near, across it is far.
    Gaussian slanted = Gaussian.of(new double[] {0, 0}, new double[][] {{1, 0.8}, {0.8, 1}});
    assertEquals(Math.sqrt(2 / 1.8), slanted.distance(new double[] {1, 1}), 1e-9);
    assertEquals(Math.sqrt(2 / 0.2), slanted.distance(new double[] {1, -1}), 1e-9);
  }

  @Test
  void theCoderKnowsWhatIsSimple() {
    ImageSet blank = Corruption.BLANK.of(NEW.take(1), 0, 0);
    ImageSet noise = NEW.take(1).varied(Mutation.of(1, 1));
    double ofBlank = CodedLength.nats(NEW.spec(), blank.image(0));
    double ofDigit = CodedLength.nats(NEW.spec(), NEW.image(0));
    double ofNoise = CodedLength.nats(NEW.spec(), noise.image(0));
    // A hundred equal bits under Krichevsky and Trofimov: ln of 1 / (1/2 3/4 5/6 ...).
    double expected =
        -IntStream.range(0, 100).mapToDouble(i -> Math.log((i + 0.5) / (i + 1))).sum();
    assertEquals(expected, ofBlank, 1e-9);
    assertTrue(ofBlank < ofDigit && ofDigit < ofNoise, ofBlank + " " + ofDigit + " " + ofNoise);
    assertEquals(100 * Math.log(2), ofNoise, 15);
  }
}
