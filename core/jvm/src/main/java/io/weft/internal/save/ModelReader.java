package io.weft.internal.save;

import static java.util.stream.Collectors.toMap;

import io.weft.define.Definition;
import io.weft.expression.Parameter;
import io.weft.internal.thread.Aside;
import io.weft.json.DefinitionJson;
import io.weft.json.LayerCatalog;
import io.weft.save.ModelFormatException;
import io.weft.spec.DefinitionException;
import io.weft.weight.TrainingState;
import io.weft.weight.Weights;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Makes a model of its files, each of which is compared with what was saved. */
final class ModelReader implements Checkpoint.Source {

  private final ModelFiles files;
  private final Manifest manifest;
  private final LayerCatalog catalog;

  private ModelReader(ModelFiles files, LayerCatalog catalog) throws IOException {
    this.files = files;
    this.manifest = files.manifest();
    this.catalog = catalog;
  }

  /**
   * Loads a model, or several.
   *
   * @param source what messages call the whole
   * @throws ModelFormatException if there is no model, or it is damaged, foreign, newer, or too
   *     large for the memory
   * @throws IOException if a file cannot be read
   */
  static <T> T withinMemory(Object source, Aside.FileWork<T> loading) throws IOException {
    try {
      return loading.run();
    } catch (OutOfMemoryError e) {
      throw new ModelFormatException(
          source,
          "more than the memory holds",
          "what fits beside all else into a Java heap of "
              + (Runtime.getRuntime().maxMemory() >> 20)
              + " MiB",
          "Give Java more memory (-Xmx); if the model should be small, take a copy.",
          e);
    }
  }

  /** Makes the model. */
  static ModelContents read(ModelFiles files, LayerCatalog catalog) throws IOException {
    return new ModelReader(files, catalog).contents();
  }

  private ModelContents contents() throws IOException {
    Definition definition = definition();
    Map<String, Parameter> parameters = definition.graph().parameters();
    Map<String, float[]> values =
        parameters(ModelFormat.WEIGHTS, Map.of(ModelFormat.WEIGHTS, parameters))
            .get(ModelFormat.WEIGHTS);
    Weights weights = usable(ModelFormat.WEIGHTS, () -> Weights.of(definition, values));
    Optional<TrainingState> state = Optional.empty();
    if (manifest.step() != null && manifest.run() != null) {
      state = Optional.of(state(definition, manifest.step(), manifest.run()));
    }
    return new ModelContents(definition, weights, state, manifest.history());
  }

  private Definition definition() throws IOException {
    String file = ModelFormat.DEFINITION;
    if (length(file) > Manifest.LARGEST) {
      throw new ModelFormatException(
          files.place(Manifest.FILE),
          file + " of " + length(file) + " bytes",
          "at most " + Manifest.LARGEST,
          "It was made by something else than Weft; take the model from a copy.");
    }
    byte[] text = read(file, InputStream::readAllBytes);
    try {
      return new DefinitionJson(catalog).read(new String(text, StandardCharsets.UTF_8));
    } catch (DefinitionException e) {
      throw new ModelFormatException(
          files.place(file),
          e.getMessage(),
          "a definition of layers that this program knows",
          "If the model has layers of its own, load it with their catalog.",
          e);
    }
  }

  private TrainingState state(Definition definition, long step, Manifest.Run run)
      throws IOException {
    Map<String, Parameter> all = definition.graph().parameters();
    Map<String, Parameter> trained = new LinkedHashMap<>(all);
    trained.values().removeIf(p -> !p.trainable());
    Map<String, Map<String, Parameter>> kinds = new LinkedHashMap<>();
    kinds.put(ModelFormat.RAW, all);
    List<String> slots = run.slotsOrAdams();
    slots.forEach(slot -> kinds.put(slot, trained));
    if (run.averaged()) {
      kinds.put(ModelFormat.AVERAGE, trained);
    }
    Map<String, Map<String, float[]>> arrays = parameters(ModelFormat.TRAINING, kinds);
    long optimiserStart = manifest.optimiserStart(run);
    try {
      run.loss().checkSteps(run.start(), step);
      TrainingState.checkOptimiserStart(optimiserStart, run.start());
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(
          files.place(Manifest.FILE),
          String.valueOf(e.getMessage()),
          "the state of a training run",
          "It was edited or damaged, or made by something else than Weft; take the model from a"
              + " copy.",
          e);
    }
    return usable(
        ModelFormat.TRAINING,
        () ->
            new TrainingState(
                step,
                run.start(),
                optimiserStart,
                run.loss(),
                Weights.of(definition, arrays.get(ModelFormat.RAW)),
                Optional.ofNullable(arrays.get(ModelFormat.AVERAGE)),
                slots.stream().collect(toMap(slot -> slot, arrays::get))));
  }

  /** Returns what is made of a checkpoint's numbers, which may be none to compute with. */
  private <T> T usable(String checkpoint, Supplier<T> made) throws ModelFormatException {
    try {
      return made.get();
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(
          files.place(Checkpoint.index(checkpoint)),
          "weights that nothing can be computed with: " + e.getMessage(),
          "finite numbers",
          "Take the model from a copy, or train it again.",
          e);
    }
  }

  /** Reads the parameters of several kinds from one checkpoint. */
  private Map<String, Map<String, float[]>> parameters(
      String checkpoint, Map<String, Map<String, Parameter>> kinds) throws IOException {
    Map<String, Parameter> wanted = new LinkedHashMap<>();
    kinds.forEach(
        (kind, parameters) ->
            parameters.forEach((name, parameter) -> wanted.put(kind + "/" + name, parameter)));
    Map<String, float[]> found;
    try {
      found = Checkpoint.read(this, checkpoint, wanted);
    } catch (ModelFormatException e) {
      throw e;
    } catch (IOException e) {
      throw new ModelFormatException(
          files.place(Checkpoint.index(checkpoint)),
          e.getMessage(),
          "the parameters of " + ModelFormat.DEFINITION,
          "The files are whole but do not belong together; take the model from a copy.",
          e);
    }
    Map<String, Map<String, float[]>> arrays = new LinkedHashMap<>();
    kinds.forEach(
        (kind, parameters) -> {
          Map<String, float[]> named = new LinkedHashMap<>();
          parameters.keySet().forEach(name -> named.put(name, found.get(kind + "/" + name)));
          arrays.put(kind, named);
        });
    return arrays;
  }

  @Override
  public long length(String file) throws IOException {
    return fingerprint(file).bytes();
  }

  @Override
  public <T> T read(String file, Checkpoint.Reading<T> reading) throws IOException {
    Fingerprint expected = fingerprint(file);
    try (Fingerprint.Reader in = new Fingerprint.Reader(opened(file), expected.bytes())) {
      T result = null;
      IOException refused = null;
      try {
        result = reading.of(in);
      } catch (IOException e) {
        refused = e;
      }
      // What is damaged is called so, whatever the reader met first.
      verify(file, in.drained(), expected);
      if (refused != null) {
        throw refused;
      }
      return result;
    }
  }

  private void verify(String file, Fingerprint found, Fingerprint expected)
      throws ModelFormatException {
    if (!found.equals(expected)) {
      boolean sameLength = found.bytes() == expected.bytes();
      throw new ModelFormatException(
          files.place(file),
          sameLength
              ? "other content than was saved (SHA-256 " + found.sha256() + ")"
              : (found.bytes() > expected.bytes() ? "more than " + expected.bytes() : found.bytes())
                  + " bytes",
          sameLength ? expected.sha256() : expected.bytes() + " bytes",
          ModelFormat.advice(file));
    }
  }

  private Fingerprint fingerprint(String file) throws ModelFormatException {
    Fingerprint fingerprint = manifest.files().get(file);
    if (fingerprint == null) {
      throw new ModelFormatException(
          files.place(Manifest.FILE),
          "no " + file + " among the files",
          "a checkpoint and a definition",
          "It was made by something else than Weft; take the model from a copy.");
    }
    return fingerprint;
  }

  private InputStream opened(String file) throws IOException {
    try {
      return files.open(file);
    } catch (NoSuchFileException e) {
      throw new ModelFormatException(
          files.place(file),
          "no such file",
          "a file of the model",
          "Copy the whole folder of the saved model.",
          e);
    }
  }
}
