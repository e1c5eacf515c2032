package io.weft.reliability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.anomaly.AnomalyDetector;
import io.weft.pyramid.MultiScaleModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Weft wrote once it reads for ever, to the bit; what a later one wrote it refuses. */
class GoldenFormatsTest {

  @TempDir Path temporary;

  @TestFactory
  Stream<DynamicTest> isReadAsItWas() throws IOException {
    var answers = GoldenFormats.answers();
    return GoldenFormats.names().stream()
        .map(
            name ->
                DynamicTest.dynamicTest(
                    name, () -> assertEquals(answers.get(name), GoldenFormats.read(name))));
  }

  @Test
  void allThatWasEverWrittenIsRead() throws IOException {
    assertEquals(Set.copyOf(GoldenFormats.names()), GoldenFormats.answers().keySet());
  }

  /**
   * Definitions: {@code DefinitionJsonTest}; coded images: {@code CodedFilesTest}. Histories have
   * no version: columns are only added.
   */
  @ParameterizedTest
  @CsvSource({
    "model-1, model.json, 2, made by a newer Weft",
    "multi-scale-1, multi-scale.json, 2, made by a newer Weft",
    "multi-scale-1, small/model.json, 2, made by a newer Weft",
    "multi-scale-1, multi-scale.json, 99999999999, made by a newer Weft",
    "multi-scale-1, multi-scale.json, 0, found format version 0",
    "anomaly-detector-1, anomaly-detector.json, 2, made by a newer Weft",
    "anomaly-detector-1, anomaly-detector.json, -1, found format version -1",
  })
  void anUnknownVersionIsRefused(String name, String file, String version, String words)
      throws IOException {
    Path golden = GoldenFormats.place("golden/" + name);
    Path copy = temporary.resolve(name);
    for (Path from : GoldenFormats.files(golden)) {
      Path to = copy.resolve(golden.relativize(from).toString());
      Files.createDirectories(to.getParent());
      Files.copy(from, to);
    }
    Path changed = copy.resolve(file);
    Files.writeString(changed, GoldenFormats.versioned(changed, version));
    Exception refused =
        assertThrows(
            Exception.class,
            () -> {
              switch (name) {
                case "multi-scale-1" -> MultiScaleModel.load(copy).close();
                case "anomaly-detector-1" -> AnomalyDetector.load(copy).close();
                default -> Model.load(copy).close();
              }
            });
    assertTrue(refused.getMessage().contains(words), refused.getMessage());
  }
}
