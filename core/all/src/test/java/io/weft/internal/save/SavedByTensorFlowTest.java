package io.weft.internal.save;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.weft.Model;
import io.weft.expression.Parameter;
import io.weft.internal.tensorflow.TensorFlowCheckpoints;
import io.weft.testing.SavedModels;
import io.weft.weight.TrainingState;
import io.weft.weight.Weights;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Models whose checkpoints TensorFlow wrote, as Weft had it do once: a trained one, and the weights
 * of the same in several data files, as those of a large one were.
 */
class SavedByTensorFlowTest {

  private static final Path SAVED;

  static {
    try {
      SAVED = Path.of(SavedByTensorFlowTest.class.getResource("by-tensorflow").toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  @TempDir Path temporary;

  private static void assertSame(Map<String, float[]> expected, String kind, Weights found) {
    found
        .names()
        .forEach(
            name -> assertArrayEquals(expected.get(kind + "/" + name), found.values(name), name));
  }

  @Test
  void loadsBitForBit() throws IOException {
    try (Model model = Model.load(SAVED.resolve("model"))) {
      TrainingState state = model.snapshot().state().orElseThrow();
      assertEquals(3, state.step());
      assertEquals(1, model.history().size());
      Map<String, Parameter> weights = new LinkedHashMap<>();
      Map<String, Parameter> training = new LinkedHashMap<>();
      for (String name : model.weights().names()) {
        Parameter parameter = model.weights().parameter(name);
        weights.put("weights/" + name, parameter);
        training.put("raw/" + name, parameter);
        if (parameter.trainable()) {
          training.put("first-moment/" + name, parameter);
          training.put("second-moment/" + name, parameter);
        }
      }
      assertSame(
          TensorFlowCheckpoints.read(SAVED.resolve("model").resolve("weights"), weights),
          "weights",
          model.weights());
      Map<String, float[]> trained =
          TensorFlowCheckpoints.read(SAVED.resolve("model").resolve("training"), training);
      assertSame(trained, "raw", state.raw());
      state
          .slots()
          .forEach(
              (slot, arrays) ->
                  arrays.forEach(
                      (n, array) -> assertArrayEquals(trained.get(slot + "/" + n), array, n)));
    }
  }

  @Test
  void isSavedInTheSameBytes() throws IOException {
    Path again = temporary.resolve("again");
    try (Model model = Model.load(SAVED.resolve("model"))) {
      model.save(again);
    }
    Map<String, byte[]> before = SavedModels.files(SAVED.resolve("model"));
    Map<String, byte[]> after = SavedModels.files(again);
    assertEquals(before.keySet(), after.keySet());
    for (String name : before.keySet()) {
      // The manifest has the time, and the definition what newer versions say besides.
      if (!name.endsWith(".json")) {
        assertArrayEquals(before.get(name), after.get(name), name);
      }
    }
  }

  @Test
  void severalDataFilesAreOneModel() throws IOException {
    Path folder = temporary.resolve("m");
    Files.createDirectory(folder);
    Map<String, Fingerprint> files = new LinkedHashMap<>();
    Map<String, byte[]> all = new LinkedHashMap<>(SavedModels.files(SAVED.resolve("shards")));
    all.put("definition.json", Files.readAllBytes(SAVED.resolve("model/definition.json")));
    for (Map.Entry<String, byte[]> file : all.entrySet()) {
      Files.write(folder.resolve(file.getKey()), file.getValue());
      files.put(file.getKey(), Fingerprint.of(file.getValue()));
    }
    Path file = SAVED.resolve("model").resolve(Manifest.FILE);
    Manifest old = Manifest.parse(file, Files.readAllBytes(file));
    Files.write(
        folder.resolve(Manifest.FILE),
        new Manifest(old.saved(), old.model(), old.versions(), null, null, files, old.history())
            .bytes());
    try (Model whole = Model.load(SAVED.resolve("model"));
        Model inPieces = Model.load(folder)) {
      for (String name : whole.weights().names()) {
        assertArrayEquals(whole.weights().values(name), inPieces.weights().values(name), name);
      }
      // Saved again, it is one file, and what the place had before is gone.
      inPieces.save(folder);
      assertEquals(4, SavedModels.names(folder).size());
    }
  }
}
