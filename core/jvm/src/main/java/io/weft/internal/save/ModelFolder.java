package io.weft.internal.save;

import io.weft.internal.files.AtomicFile.Content;
import io.weft.internal.files.RegularFile;
import io.weft.internal.files.WriteException;
import io.weft.internal.thread.Aside;
import io.weft.internal.thread.Interruption;
import io.weft.json.DefinitionJson;
import io.weft.json.LayerCatalog;
import io.weft.save.ModelFormatException;
import io.weft.spec.DefinitionException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;

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
 *       from, where there is such: "raw/...", what the optimiser keeps ("first-moment/..." and
 *       "second-moment/..." of Adam, "mean-square/..." of RMSProp), and "average/..." where the
 *       weights are not the Polyak average that is kept.
 * </ul>
 *
 * <p>Saving replaces the folder as a whole: whatever happens, the power going off included, what
 * can be loaded afterwards is the old model or the new one. Saves to one folder take turns, between
 * processes too. Loading writes nothing, may run beside a save, and gives the old or the new model.
 */
public final class ModelFolder {

  /** How long a loader waits for a moment between saves that follow each other closely. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final Duration POLL = Duration.ofMillis(2);

  private static final byte[] ZIP_MAGIC = {'P', 'K', 3, 4};

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
    Map<String, Content> files = ModelFormat.files(contents, catalog);
    Aside.inOrder(
        () -> {
          try (Replacement written = Replacement.write(folder, contents, files)) {
            Interruption.check();
            written.publish();
          }
        });
  }

  /**
   * Loads the model, every file of which is verified. The folder may be on any file system, and may
   * be a zip of one.
   *
   * @throws ModelFormatException if there is no model, or it is damaged, foreign or newer
   * @throws IOException if the files cannot be read
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  public ModelContents load() throws IOException {
    return ModelReader.withinMemory(
        folder, () -> Aside.inOrder(() -> isZip(folder) ? loadZip() : loadSettled()));
  }

  private ModelContents loadZip() throws IOException {
    try (InputStream in = new BufferedInputStream(RegularFile.open(folder))) {
      return ModelZip.read(folder, in, catalog);
    }
  }

  private ModelContents loadSettled() throws IOException {
    ModelPlace place = ModelPlace.of(folder);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      boolean isCalm = !place.isBeingSaved();
      byte[] before = manifest(place);
      Path current = place.current();
      try (OpenFolder open = OpenFolder.of(current, Manifest.load(current))) {
        return ModelReader.read(open, catalog);
      } catch (IOException e) {
        // It may be a save that has moved files away between one look and the next.
        isCalm &= !place.isBeingSaved() && Arrays.equals(before, manifest(place));
        if (isCalm || System.nanoTime() > deadline) {
          throw e;
        }
      }
      Interruption.check();
      LockSupport.parkNanos(POLL.toNanos());
    }
  }

  /** Returns whether a file is a zip. */
  static boolean isZip(Path path) throws IOException {
    if (RegularFile.otherThanFile(path).isPresent()) {
      return false;
    }
    try (InputStream in = RegularFile.open(path)) {
      return Arrays.equals(in.readNBytes(ZIP_MAGIC.length), ZIP_MAGIC);
    }
  }

  /** Returns the manifest that is there now; nothing where there is none. */
  static byte[] manifest(ModelPlace place) {
    try {
      return Manifest.load(place.current());
    } catch (IOException e) {
      return new byte[0];
    }
  }
}
