package com.example.jvmonly;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.BuiltinModel;
import io.weft.Model;
import io.weft.codec.Codec;
import io.weft.codec.CodedImages;
import io.weft.complete.Half;
import io.weft.complete.KnownPixels;
import io.weft.complete.PixelMask;
import io.weft.data.EmbeddedDigits;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.engine.Device;
import io.weft.engine.EngineMissingException;
import io.weft.sample.SampledImage;
import io.weft.sample.SamplingExecutor;
import io.weft.score.ClassScores;
import io.weft.train.TrainingOptions;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a saved model can do in a process on whose class path TensorFlow is not. */
class JvmOnlyTest {

  private static final ImageSet DIGITS =
      EmbeddedDigits.count(40).size(16).levels(4).seed(99).grey();

  private static final Examples EXAMPLES = Examples.labelled(DIGITS, "class");

  private static Model model;

  @BeforeAll
  static void load() throws Exception {
    model = Model.loadResource(JvmOnly.class, "digits.zip");
  }

  @AfterAll
  static void close() {
    model.close();
  }

  @Test
  void thereIsNeitherTensorFlowNorDrawingHere() {
    for (String absent :
        List.of(
            "org.tensorflow.TensorFlow",
            "org.bytedeco.javacpp.Pointer",
            "io.weft.internal.tensorflow.TensorFlowEngine",
            "io.weft.explain.HtmlReport",
            "org.knowm.xchart.XYChart",
            "kotlin.Unit")) {
      assertThrows(ClassNotFoundException.class, () -> Class.forName(absent));
    }
  }

  @Test
  void theSampleStreamsADigit() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    JvmOnly.draw(3, new PrintStream(out, true, StandardCharsets.UTF_8));
    List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
    assertEquals(16, lines.size());
    assertTrue(lines.stream().allMatch(line -> line.length() == 16), lines.toString());
    assertTrue(lines.stream().anyMatch(line -> line.contains("+")), lines.toString());
  }

  @Test
  void itRunsAsAProcessOfItsOwn() throws Exception {
    Process java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                JvmOnly.class.getName(),
                "8")
            .redirectErrorStream(true)
            .start();
    String said = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(java.waitFor(1, TimeUnit.MINUTES), said);
    assertEquals(0, java.exitValue(), said);
    assertTrue(said.contains("The first pixel was there "), said);
  }

  @Test
  void itScoresDigitsFarBetterThanAGuess() {
    double bits = model.score(EXAMPLES).bitsPerDimension();
    assertTrue(bits > 0.2 && bits < 0.6, bits + " bits per dimension, of 2 for a guess");
  }

  @Test
  void itTellsDigitsApart() {
    ClassScores scores = model.scoreEachClass(EXAMPLES);
    int right = 0;
    for (int i = 0; i < DIGITS.size(); i++) {
      right += scores.likeliest(i) == DIGITS.label(i) ? 1 : 0;
    }
    assertTrue(right >= 30, right + " of 40 digits have their class");
  }

  @Test
  void itCompletesAndSaysHowLikelyTheMissingPartIs() {
    PixelMask top = PixelMask.withoutHalf(DIGITS.spec(), Half.BOTTOM);
    SampledImage whole =
        model
            .sampler(1)
            .labels(image -> DIGITS.label(0))
            .complete(KnownPixels.of(DIGITS, 0, top))
            .images()
            .toList()
            .get(0);
    assertArrayEquals(
        java.util.Arrays.copyOf(DIGITS.image(0), 128),
        java.util.Arrays.copyOf(whole.levels(), 128));
    double log =
        model
            .conditionalLogLikelihoods(
                Examples.suiting(model.definition().conditions(), DIGITS.take(1)), i -> top)[0];
    assertTrue(log < 0 && log > -200, "a log-likelihood of " + log);
  }

  @Test
  void itIsSavedAndLoaded(@TempDir Path folder) throws Exception {
    model.save(folder.resolve("model"));
    try (Model again = Model.load(folder.resolve("model"))) {
      assertEquals(model.score(EXAMPLES).meanNats(), again.score(EXAMPLES).meanNats());
    }
  }

  @Test
  void itCompressesDigitsAndGetsThemBack(@TempDir Path folder) throws Exception {
    ImageSet digits = EmbeddedDigits.count(100).size(16).levels(4).seed(99).grey();
    Path file = folder.resolve("digits.weft");
    Codec codec = Codec.of(model);
    CodedImages coded = codec.encode(Examples.labelled(digits, "class"));
    coded.save(file);
    double bits = model.score(Examples.labelled(digits, "class")).bitsPerDimension() * 256 * 100;
    double labels = 100 * Math.log(10) / Math.log(2);
    assertTrue(
        coded.payloadBytes() <= 1.001 * (bits + labels) / 8 + coded.blocks(),
        coded.payloadBytes() + " bytes");
    // Packed as they are, four pixels to a byte, they take 6,400.
    assertTrue(coded.bytes() < 6400 / 6, coded.bytes() + " bytes");
    assertEquals(digits.fingerprint(), codec.open(file).decode().images().fingerprint());
    assertArrayEquals(digits.image(17), codec.open(file).image(17).levels());
  }

  @Test
  void whatNeedsTheModelsOfWeftNamesTheDependency() {
    String missing =
        "the models that come with Weft are not on the class path; add the dependency"
            + " io.weft:weft-models";
    assertEquals(
        missing,
        assertThrows(IllegalStateException.class, () -> Model.builtin("digits")).getMessage());
    assertEquals(
        missing, assertThrows(IllegalStateException.class, BuiltinModel::all).getMessage());
  }

  @Test
  void whatNeedsTensorFlowNamesTheDependency(@TempDir Path folder) {
    String remedy =
        " needs TensorFlow, which is not on the class path; add the dependency io.weft:weft-core"
            + " in place of io.weft:weft-jvm";
    assertEquals(
        "training" + remedy,
        assertThrows(
                EngineMissingException.class,
                () -> model.train(EXAMPLES, TrainingOptions.seed(1).epochs(1).build()))
            .getMessage());
    assertEquals(
        "drawing by the executor tensorflow" + remedy,
        assertThrows(
                EngineMissingException.class,
                () ->
                    model
                        .sampler(1)
                        .labels(image -> 1)
                        .executor(SamplingExecutor.tensorflow())
                        .images()
                        .toList())
            .getMessage());
    assertEquals(
        "exporting a SavedModel" + remedy,
        assertThrows(
                EngineMissingException.class,
                () -> model.exportSavedModel(folder.resolve("served")))
            .getMessage());
    assertEquals(
        "computing on GPU 0" + remedy,
        assertThrows(EngineMissingException.class, () -> Device.gpu(0)).getMessage());
  }
}
