package io.weft.save;

import io.weft.define.Definition;
import io.weft.expression.Parameter;
import io.weft.files.WriteException;
import io.weft.json.DefinitionJson;
import io.weft.json.LayerCatalog;
import io.weft.layer.DefinitionException;
import io.weft.tensorflow.Checkpoint;
import io.weft.tensorflow.Versions;
import io.weft.thread.Aside;
import io.weft.thread.Interruption;
import io.weft.weight.TrainingState;
import io.weft.weight.Weights;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A model as a folder of files that other tools can read:
 *
 * <ul>
 *   <li>{@code model.json}: the manifest, with format, version, provenance and, for each other
 *       file, size and SHA-256;
 *   <li>{@code definition.json}: the definition, see {@link DefinitionJson};
 *   <li>{@code weights.index} and {@code weights.data-...}: a TensorFlow checkpoint with the
 *       tensors "weights/LAYER/PARAMETER";
 *   <li>{@code training.index} and {@code training.data-...}: the same for what training goes on
 *       from, where there is such: "raw/...", "first-moment/...", "second-moment/...".
 * </ul>
 *
 * <p>Saving replaces the folder as a whole: whatever happens, the power going off included, what
 * can be loaded afterwards is the old model or the new one. Saves to one folder take turns, between
 * processes too. Loading writes nothing, may run beside a save, and gives the old or the new model.
 */
public final class ModelFolder {

  private static final String DEFINITION = "definition.json";
  private static final String WEIGHTS = "weights";
  private static final String TRAINING = "training";
  private static final String RAW = "raw";
  private static final String FIRST_MOMENT = "first-moment";
  private static final String SECOND_MOMENT = "second-moment";

  /** How often a loader looks again when a save has replaced what it was reading. */
  private static final int ATTEMPTS = 20;

  private final Path folder;
  private final LayerCatalog catalog;

  private ModelFolder(Path folder, LayerCatalog catalog) {
    this.folder = Objects.requireNonNull(folder, "folder");
    this.catalog = Objects.requireNonNull(catalog, "catalog");
  }

  /**
   * Returns a folder, which need not exist yet.
   *
   * @param catalog the layers that its definition may have
   */
  public static ModelFolder of(Path folder, LayerCatalog catalog) {
    return new ModelFolder(folder, catalog);
  }

  /**
   * Checks ahead of long work that nothing is here that {@link #save} would refuse to replace.
   *
   * @throws ModelFormatException if the folder holds anything else than a saved model
   * @throws IOException if the folder cannot be read
   */
  public void checkReplaceable() throws IOException {
    ModelPlace.of(folder).checkReplaceable();
  }

  /**
   * Saves a model, replacing the one that was there. Missing parent folders are made.
   *
   * @throws DefinitionException if the definition has a layer that is not in the catalog
   * @throws ModelFormatException if the folder holds anything else than a saved model; nothing in
   *     it is touched
   * @throws WriteException if writing fails: no room, no permission; the old model stays
   * @throws IOException if another save does not end; the old model stays
   * @throws java.util.concurrent.CancellationException if the thread is interrupted; the old model
   *     stays
   */
  public void save(ModelContents contents) throws IOException {
    Aside.inOrder(() -> write(contents));
  }

  private void write(ModelContents contents) throws IOException {
    byte[] definition =
        new DefinitionJson(catalog).write(contents.definition()).getBytes(StandardCharsets.UTF_8);
    try {
      replace(definition, contents);
    } catch (FileSystemException e) {
      throw new WriteException(folder, e);
    }
  }

  private void replace(byte[] definition, ModelContents contents) throws IOException {
    ModelPlace.requireOwnDisk(folder);
    Path parent = folder.toAbsolutePath().normalize().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    ModelPlace place = ModelPlace.of(folder);
    SaveLock lock = place.lock();
    try {
      place.prepare();
      try {
        place.makeFresh();
        write(place.fresh(), definition, contents);
        place.force();
        Interruption.check();
        place.retire();
        place.publish();
      } catch (IOException e) {
        throw new WriteException(folder, e);
      } finally {
        place.tidy();
      }
    } finally {
      lock.close();
    }
  }

  private static void write(Path fresh, byte[] definition, ModelContents contents)
      throws IOException {
    Files.write(fresh.resolve(DEFINITION), definition);
    Checkpoint.write(fresh.resolve(WEIGHTS), entries(WEIGHTS, contents.weights()));
    if (contents.state().isPresent()) {
      TrainingState state = contents.state().get();
      List<Checkpoint.Entry> entries = new ArrayList<>(entries(RAW, state.raw()));
      entries.addAll(entries(FIRST_MOMENT, state.raw(), state.firstMoments()));
      entries.addAll(entries(SECOND_MOMENT, state.raw(), state.secondMoments()));
      Checkpoint.write(fresh.resolve(TRAINING), entries);
    }
    Map<String, Fingerprint> files = new TreeMap<>();
    try (Stream<Path> written = Files.list(fresh)) {
      for (Path file : written.toList()) {
        files.put(String.valueOf(file.getFileName()), Fingerprint.of(file));
      }
    }
    Manifest manifest =
        new Manifest(
            Instant.now().truncatedTo(ChronoUnit.MILLIS),
            contents.definition().name(),
            Versions.inWords(),
            contents.state().map(TrainingState::step).orElse(null),
            files,
            contents.history());
    Files.write(fresh.resolve(Manifest.FILE), manifest.bytes());
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

  /**
   * Loads the model, having verified every file first.
   *
   * @throws ModelFormatException if there is no model, or it is damaged, foreign or newer
   * @throws IOException if the files cannot be read
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  public ModelContents load() throws IOException {
    return Aside.inOrder(this::loadWithinMemory);
  }

  private ModelContents loadWithinMemory() throws IOException {
    try {
      return loadSettled();
    } catch (OutOfMemoryError e) {
      throw new ModelFormatException(
          folder,
          "more than the memory holds",
          "what fits beside all else into a Java heap of "
              + (Runtime.getRuntime().maxMemory() >> 20)
              + " MiB",
          "Give Java more memory (-Xmx); if the model should be small, take a copy.",
          e);
    }
  }

  private ModelContents loadSettled() throws IOException {
    ModelPlace place = ModelPlace.of(folder);
    for (int attempt = 1; ; attempt++) {
      Path current = place.current();
      byte[] manifest = new byte[0];
      try {
        manifest = Manifest.load(current);
        ModelContents contents = read(current, manifest);
        if (isUnchanged(place, current, manifest) || attempt == ATTEMPTS) {
          return contents;
        }
      } catch (IOException e) {
        if (attempt == ATTEMPTS || isUnchanged(place, current, manifest)) {
          throw e;
        }
      }
    }
  }

  /** Returns whether the folder is still the one that was read, not replaced in the meantime. */
  private static boolean isUnchanged(ModelPlace place, Path folder, byte[] manifest) {
    if (!place.current().equals(folder)) {
      return false;
    }
    try {
      return Arrays.equals(manifest, Manifest.load(folder));
    } catch (IOException e) {
      return manifest.length == 0;
    }
  }

  private ModelContents read(Path current, byte[] text) throws IOException {
    Manifest manifest = Manifest.parse(current.resolve(Manifest.FILE), text);
    Definition definition = readDefinition(current, manifest);
    verify(current, manifest, WEIGHTS);
    Map<String, Parameter> parameters = definition.graph().parameters();
    Map<String, float[]> values = read(current, WEIGHTS, Map.of(WEIGHTS, parameters)).get(WEIGHTS);
    Weights weights = usable(current, WEIGHTS, () -> Weights.of(definition, values));
    Optional<TrainingState> state = Optional.empty();
    if (manifest.step() != null) {
      verify(current, manifest, TRAINING);
      state = Optional.of(readState(current, definition, manifest.step()));
    }
    return new ModelContents(definition, weights, state, manifest.history());
  }

  private Definition readDefinition(Path current, Manifest manifest) throws IOException {
    Path file = current.resolve(DEFINITION);
    if (!fingerprint(file).equals(manifest.files().get(DEFINITION))) {
      throw new ModelFormatException(
          file,
          "another text than was saved",
          "the definition that the weights belong to",
          "It was edited or damaged: put the old text back, or train a model of the new"
              + " definition.");
    }
    try {
      return new DefinitionJson(catalog).read(file);
    } catch (DefinitionException e) {
      throw new ModelFormatException(
          file,
          e.getMessage(),
          "a definition of layers that this program knows",
          "If the model has layers of its own, load it with their catalog.",
          e);
    }
  }

  private static TrainingState readState(Path current, Definition definition, long step)
      throws IOException {
    Map<String, Parameter> all = definition.graph().parameters();
    Map<String, Parameter> trained = new LinkedHashMap<>(all);
    trained.values().removeIf(p -> !p.trainable());
    Map<String, Map<String, float[]>> arrays =
        read(current, TRAINING, Map.of(RAW, all, FIRST_MOMENT, trained, SECOND_MOMENT, trained));
    return usable(
        current,
        TRAINING,
        () ->
            new TrainingState(
                step,
                Weights.of(definition, arrays.get(RAW)),
                arrays.get(FIRST_MOMENT),
                arrays.get(SECOND_MOMENT)));
  }

  /** Returns what is made of a checkpoint's numbers, which may be none to compute with. */
  private static <T> T usable(Path current, String checkpoint, Supplier<T> made)
      throws ModelFormatException {
    try {
      return made.get();
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(
          current.resolve(checkpoint + ".index"),
          "weights that nothing can be computed with: " + e.getMessage(),
          "finite numbers",
          "Take the model from a copy, or train it again.",
          e);
    }
  }

  /** Reads the parameters of several kinds from one checkpoint. */
  private static Map<String, Map<String, float[]>> read(
      Path current, String checkpoint, Map<String, Map<String, Parameter>> kinds)
      throws ModelFormatException {
    Map<String, Map<String, float[]>> arrays = new LinkedHashMap<>();
    for (Map.Entry<String, Map<String, Parameter>> kind : kinds.entrySet()) {
      String prefix = kind.getKey() + "/";
      Map<String, Parameter> wanted = new LinkedHashMap<>();
      kind.getValue().forEach((name, parameter) -> wanted.put(prefix + name, parameter));
      try {
        Map<String, float[]> named = new LinkedHashMap<>();
        Checkpoint.read(current.resolve(checkpoint), wanted)
            .forEach((name, array) -> named.put(name.substring(prefix.length()), array));
        arrays.put(kind.getKey(), named);
      } catch (IOException e) {
        throw new ModelFormatException(
            current.resolve(checkpoint + ".index"),
            e.getMessage(),
            "the parameters of " + DEFINITION,
            "The files are whole but do not belong together; take the model from a copy.",
            e);
      }
    }
    return arrays;
  }

  /** Checks the files of one checkpoint before TensorFlow sees them. */
  private static void verify(Path current, Manifest manifest, String checkpoint)
      throws IOException {
    if (!manifest.files().containsKey(checkpoint + ".index")) {
      throw new ModelFormatException(
          current.resolve(Manifest.FILE),
          "no " + checkpoint + ".index among the files",
          "a checkpoint",
          "It was made by something else than Weft; take the model from a copy.");
    }
    for (Map.Entry<String, Fingerprint> expected : manifest.files().entrySet()) {
      if (expected.getKey().startsWith(checkpoint + ".")) {
        verify(current.resolve(expected.getKey()), expected.getValue());
      }
    }
  }

  private static void verify(Path file, Fingerprint expected) throws IOException {
    Fingerprint found = fingerprint(file);
    if (!found.equals(expected)) {
      throw new ModelFormatException(
          file,
          found.bytes() == expected.bytes()
              ? "other content than was saved (SHA-256 " + found.sha256() + ")"
              : found.bytes() + " bytes",
          found.bytes() == expected.bytes() ? expected.sha256() : expected.bytes() + " bytes",
          "It was damaged, or copied in part; take the model from a copy.");
    }
  }

  private static Fingerprint fingerprint(Path file) throws IOException {
    try {
      return Fingerprint.of(file);
    } catch (NoSuchFileException e) {
      throw missing(file, e);
    }
  }

  private static ModelFormatException missing(Path file, NoSuchFileException cause) {
    return new ModelFormatException(
        file,
        "no such file",
        "a file of the model",
        "Copy the whole folder of the saved model.",
        cause);
  }
}
