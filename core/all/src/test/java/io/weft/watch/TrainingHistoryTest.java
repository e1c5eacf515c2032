package io.weft.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.data.DataFormatException;
import io.weft.image.Picture;
import io.weft.train.StepTime;
import io.weft.train.TrainingEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingHistoryTest {

  private static final long MILLISECOND = 1_000_000;
  private static final TrainingHistory NOTHING = new TrainingHistory(List.of(), List.of());

  @TempDir private Path folder;

  /** Ten steps of 10 ms, and validations of 100 ms after five and ten. */
  private static TrainingHistory recorded() {
    AtomicLong clock = new AtomicLong(5);
    HistoryRecorder recorder = new HistoryRecorder(NOTHING, 2, clock::get);
    StepTime time = new StepTime(Duration.ofMillis(1), Duration.ofMillis(8), Duration.ofMillis(1));
    for (int step = 1; step <= 10; step++) {
      clock.addAndGet(10 * MILLISECOND);
      int epoch = (step + 4) / 5;
      recorder.on(new TrainingEvent.Stepped(step, 10, epoch, 16, 1.0 / step, step, 1e-3, time));
      if (step % 5 == 0) {
        clock.addAndGet(100 * MILLISECOND);
        recorder.on(
            new TrainingEvent.Validated(step, epoch, 0.5, 0.75 / epoch, true, List.of(-1.0)));
      }
    }
    recorder.on(new TrainingEvent.Finished(10, TrainingEvent.Reason.COMPLETED));
    return recorder.history();
  }

  @Test
  void pointsAreMeans() {
    TrainingHistory history = recorded();
    assertEquals(5, history.steps().size());
    var second = history.steps().get(1);
    assertEquals(4, second.step());
    assertEquals((1.0 / 3 + 1.0 / 4) / 2, second.trainingBits(), 1e-12);
    assertEquals(3.5, second.gradientNorm());
    assertEquals(1600, second.imagesPerSecond(), 1e-6);
    assertEquals(0.001, second.inputSeconds(), 1e-9);
    assertEquals(0.008, second.runSeconds(), 1e-9);
    assertEquals(0.04, second.seconds(), 1e-9);
    assertEquals(1600, history.steps().get(2).imagesPerSecond(), 1e-6, "validations do not count");
    assertEquals(0.15, history.validations().get(0).seconds(), 1e-9);
  }

  @Test
  void filesAreReadAgain() throws IOException {
    TrainingHistory history = recorded();
    for (String name : List.of("history.json", "history.csv")) {
      history.write(folder.resolve(name));
      assertEquals(history, TrainingHistory.read(folder.resolve(name)), name);
    }
    NOTHING.write(folder.resolve("empty.csv"));
    assertEquals(NOTHING, TrainingHistory.read(folder.resolve("empty.csv")));
    List<String> lines = history.csv().lines().toList();
    assertEquals(
        "step,epoch,trainingBits,validationBits,gradientNorm,learningRate,imagesPerSecond,"
            + "inputSeconds,runSeconds,restSeconds,seconds",
        lines.get(0));
    assertEquals("5,1,0.5,0.75,,,,,,,0.15", lines.get(3));
    assertEquals(8, lines.size());
  }

  @Test
  void ownMetricsAreKeptWithValidations() throws IOException {
    HistoryRecorder recorder = new HistoryRecorder(1);
    recorder.on(Watched.stepped(1, 2));
    recorder.on(validated(1, Map.of("share, of 1", 0.25)));
    recorder.on(Watched.stepped(2, 1));
    Map<String, Double> both = new LinkedHashMap<>();
    both.put("share, of 1", Double.NaN);
    both.put("step", -3.0);
    recorder.on(validated(2, both));
    TrainingHistory history = recorder.history();
    assertEquals(List.of("share, of 1", "step"), history.metricNames());
    assertEquals(both, history.validations().get(1).metrics());
    for (String name : List.of("metrics.json", "metrics.csv")) {
      history.write(folder.resolve(name));
      assertEquals(history, TrainingHistory.read(folder.resolve(name)), name);
    }
    List<String> lines = history.csv().lines().toList();
    assertTrue(
        lines.get(0).endsWith(",seconds,\"metrics.share, of 1\",metrics.step"), lines.get(0));
    assertTrue(lines.get(2).endsWith(",0.25,"), lines.get(2));
    assertTrue(has(LossCurves.of(history, "measured"), 130, 80, 160), "the second metric's colour");
  }

  @Test
  void metricsMayHaveAnyName() {
    HistoryRecorder recorder = new HistoryRecorder(1);
    Map<String, Double> metrics = Map.of("training", 0.5, "validation", 0.25, "", 1.0, " ", 2.0);
    recorder.on(validated(1, metrics));
    recorder.on(validated(2, metrics));
    Picture picture = LossCurves.of(recorder.history(), "names");
    assertTrue(has(picture, 200, 70, 20), "the validation's colour");
  }

  /** Each is another name, as it was given. */
  @Test
  void spacesAroundTheNamesOfMetricsAreKept() throws IOException {
    Map<String, Double> metrics = new LinkedHashMap<>();
    for (String name : List.of("fid", "fid ", " fid", "", " ")) {
      metrics.put(name, (double) metrics.size());
    }
    HistoryRecorder recorder = new HistoryRecorder(1);
    recorder.on(validated(1, metrics));
    TrainingHistory history = recorder.history();
    for (String name : List.of("spaces.json", "spaces.csv")) {
      history.write(folder.resolve(name));
      assertEquals(history, TrainingHistory.read(folder.resolve(name)), name);
    }
  }

  @Test
  void metricsWithoutANumberAreRefused() throws IOException {
    String row =
        "{\"step\":5,\"epoch\":1,\"trainingBits\":0.5,\"validationBits\":0.75,\"seconds\":0.15,"
            + "\"metrics\":{\"a\":null}}";
    Path file = folder.resolve("none.json");
    Files.writeString(file, "{\"steps\":[],\"validations\":[" + row + "]}");
    var error = assertThrows(IOException.class, () -> TrainingHistory.read(file));
    assertTrue(error.getMessage().contains("none.json"), error.getMessage());
  }

  @Test
  void historiesWithoutMetricsAreReadAsBefore() throws IOException {
    String row =
        "{\"step\":5,\"epoch\":1,\"trainingBits\":0.5,\"validationBits\":0.75,\"seconds\":0.15}";
    Path file = folder.resolve("before.json");
    Files.writeString(file, "{\"steps\":[],\"validations\":[" + row + "]}");
    var validation = new TrainingHistory.Validation(5, 1, 0.5, 0.75, 0.15, Map.of());
    assertEquals(List.of(validation), TrainingHistory.read(file).validations());
    assertFalse(TrainingHistory.read(file).json().contains("metrics"));
  }

  private static TrainingEvent validated(long step, Map<String, Double> metrics) {
    return new TrainingEvent.Validated(step, 1, 0.5, 0.75, true, List.of(-1.0), metrics);
  }

  @Test
  void damagedFilesAreRefusedInWords() throws IOException {
    TrainingHistory history = recorded();
    SplittableRandom random = new SplittableRandom(3);
    int refused = 0;
    for (String name : List.of("history.json", "history.csv")) {
      Path file = folder.resolve(name);
      history.write(file);
      byte[] good = Files.readAllBytes(file);
      for (int i = 0; i < 500; i++) {
        byte[] bad = java.util.Arrays.copyOf(good, random.nextInt(good.length) + 1);
        bad[random.nextInt(bad.length)] = (byte) random.nextInt();
        Files.write(file, bad);
        try {
          TrainingHistory.read(file);
        } catch (DataFormatException e) {
          assertTrue(e.getMessage().contains("expected a training history"), e.getMessage());
          refused++;
        }
      }
    }
    assertTrue(refused > 700, "refused only " + refused);
  }

  @Test
  void namesSayTheKind() {
    Path text = folder.resolve("history.txt");
    var error = assertThrows(IllegalArgumentException.class, () -> recorded().write(text));
    assertTrue(error.getMessage().contains(".csv and .json"), error.getMessage());
    assertThrows(IllegalArgumentException.class, () -> TrainingHistory.read(text));
    assertThrows(IllegalArgumentException.class, () -> new HistoryRecorder(0));
  }

  @Test
  void curvesAreDrawn() {
    Picture picture = LossCurves.of(recorded(), "digits");
    assertEquals(1800, picture.width());
    assertTrue(has(picture, 200, 70, 20), "the validation's colour");
    assertTrue(has(picture, 120, 170, 210), "the training's colour");
    assertThrows(IllegalArgumentException.class, () -> LossCurves.of(NOTHING, "nothing"));
  }

  @Test
  void lossesThatSpanADecadeAreOnALogarithmicAxis() {
    HistoryRecorder recorder = new HistoryRecorder(1);
    for (int step = 1; step <= 1000; step++) {
      recorder.on(Watched.stepped(step, 8 * Math.exp(-step / 200.0)));
    }
    Picture picture = LossCurves.of(recorder.history(), "falling");
    // There this is a straight line; on a linear axis nearly all of it would lie at the bottom.
    double first = height(picture, 700) - height(picture, 500);
    double second = height(picture, 1300) - height(picture, 1100);
    assertTrue(first > 50, "falls by " + first);
    assertEquals(first, second, 0.1 * first);
  }

  /** Returns the mean row of the training's curve in a column. */
  private static double height(Picture picture, int column) {
    return IntStream.range(0, picture.height())
        .filter(row -> isColour(picture, row, column, 120, 170, 210))
        .average()
        .orElseThrow();
  }

  private static boolean isColour(
      Picture picture, int row, int column, int red, int green, int blue) {
    return picture.value(row, column, 0) == red
        && picture.value(row, column, 1) == green
        && picture.value(row, column, 2) == blue;
  }

  private static boolean has(Picture picture, int red, int green, int blue) {
    for (int row = 0; row < picture.height(); row++) {
      for (int column = 0; column < picture.width(); column++) {
        if (isColour(picture, row, column, red, green, blue)) {
          return true;
        }
      }
    }
    return false;
  }
}
