package io.weft.internal.save;

import io.weft.engine.Versions;
import io.weft.internal.files.AtomicFile.Content;
import io.weft.json.DefinitionJson;
import io.weft.json.LayerCatalog;
import io.weft.weight.TrainingState;
import io.weft.weight.Weights;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which files a saved model has, and what is in them; {@link ModelFolder} describes them. */
final class ModelFormat {

  static final String DEFINITION = "definition.json";
  static final String WEIGHTS = "weights";
  static final String TRAINING = "training";
  static final String RAW = "raw";
  static final String AVERAGE = "average";

  private ModelFormat() {}

  /**
   * Returns all files but the manifest, by name.
   *
   * @throws io.weft.spec.DefinitionException if the definition has a layer that is not in the
   *     catalog
   */
  static Map<String, Content> files(ModelContents model, LayerCatalog catalog) {
    byte[] definition =
        new DefinitionJson(catalog).write(model.definition()).getBytes(StandardCharsets.UTF_8);
    Map<String, Content> files = new LinkedHashMap<>();
    files.put(DEFINITION, out -> out.write(definition));
    files.putAll(Checkpoint.files(WEIGHTS, entries(WEIGHTS, model.weights())));
    if (model.state().isPresent()) {
      TrainingState state = model.state().get();
      List<Checkpoint.Entry> entries = new ArrayList<>(entries(RAW, state.raw()));
      new TreeMap<>(state.slots())
          .forEach((slot, arrays) -> entries.addAll(entries(slot, state.raw(), arrays)));
      state.average().ifPresent(a -> entries.addAll(entries(AVERAGE, state.raw(), a)));
      files.putAll(Checkpoint.files(TRAINING, entries));
    }
    return files;
  }

  private static List<Checkpoint.Entry> entries(String prefix, Weights weights) {
    return weights.names().stream()
        .map(
            name ->
                new Checkpoint.Entry(
                    prefix + "/" + name, weights.parameter(name), () -> weights.values(name)))
        .toList();
  }

  private static List<Checkpoint.Entry> entries(
      String prefix, Weights weights, Map<String, float[]> arrays) {
    return arrays.keySet().stream()
        .sorted()
        .map(
            name ->
                new Checkpoint.Entry(
                    prefix + "/" + name, weights.parameter(name), () -> arrays.get(name)))
        .toList();
  }

  /** Returns what to do about a file that is not what was saved. */
  static String advice(String file) {
    return file.equals(DEFINITION)
        ? "It was edited or damaged: put the old text back, or train a model of the new definition."
        : "It was damaged, or copied in part; take the model from a copy.";
  }

  /** Returns the manifest of a model whose files were written. */
  static Manifest manifest(ModelContents model, Map<String, Fingerprint> files) {
    return new Manifest(
        Instant.now().truncatedTo(ChronoUnit.MILLIS),
        model.definition().name(),
        Versions.inWords(),
        model.state().map(TrainingState::step).orElse(null),
        model.state().map(Manifest.Run::of).orElse(null),
        files,
        model.history());
  }
}
