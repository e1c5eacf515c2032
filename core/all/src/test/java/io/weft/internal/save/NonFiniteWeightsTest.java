package io.weft.internal.save;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.save.ModelFormatException;
import io.weft.testing.SavedModels;
import io.weft.weight.TrainingState;
import io.weft.weight.Weights;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A saved model that holds what is no number: whole, signed, and of no use. */
class NonFiniteWeightsTest {

  @TempDir Path temporary;

  @Test
  void isRefusedByName() throws IOException {
    Path folder = temporary.resolve("m");
    try (Model model = SavedModels.trained(2)) {
      model.save(folder);
      TrainingState state = model.snapshot().state().orElseThrow();
      rewrite(folder, "training", state(state));
      Model.load(folder).close();

      Map<String, float[]> broken = state(state);
      broken.get("second-moment/second/kernel")[3] = Float.POSITIVE_INFINITY;
      rewrite(folder, "training", broken);
      refused(folder, "training.index", "second-moment of second/kernel is Infinity at index 3");

      broken = under("weights/", model.weights());
      broken.get("weights/first/kernel")[5] = Float.NaN;
      rewrite(folder, "weights", broken);
      refused(folder, "weights.index", "parameter first/kernel is NaN at index 5");
    }
  }

  private static Map<String, float[]> state(TrainingState state) {
    Map<String, float[]> arrays = under("raw/", state.raw());
    state
        .slots()
        .forEach(
            (slot, kept) ->
                kept.forEach((name, array) -> arrays.put(slot + "/" + name, array.clone())));
    return arrays;
  }

  private static Map<String, float[]> under(String prefix, Weights weights) {
    Map<String, float[]> arrays = new HashMap<>();
    weights.names().forEach(name -> arrays.put(prefix + name, weights.values(name)));
    return arrays;
  }

  /** Writes a checkpoint anew, and signs it. */
  private static void rewrite(Path folder, String checkpoint, Map<String, float[]> arrays)
      throws IOException {
    var parameters = SavedModels.definition().graph().parameters();
    List<Checkpoint.Entry> entries = new ArrayList<>();
    arrays.forEach(
        (name, array) ->
            entries.add(
                new Checkpoint.Entry(
                    name, parameters.get(name.substring(name.indexOf('/') + 1)), () -> array)));
    var files = Checkpoint.files(checkpoint, entries);
    for (var part : files.entrySet()) {
      try (OutputStream out = Files.newOutputStream(folder.resolve(part.getKey()))) {
        part.getValue().writeTo(out);
      }
    }
    Signing.sign(folder, files.keySet().toArray(String[]::new));
  }

  private static void refused(Path folder, String file, String why) {
    String message =
        assertThrows(ModelFormatException.class, () -> Model.load(folder).close()).getMessage();
    assertTrue(message.contains(file) && message.contains(why), message);
  }
}
