package io.weft.internal.save;

import io.weft.internal.files.AtomicFile.Content;
import io.weft.internal.thread.Interruption;
import io.weft.json.LayerCatalog;
import io.weft.save.ModelFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.ClosedByInterruptException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A model as one zip, with the files of a {@link ModelFolder}: to be sent, or to lie among the
 * resources of a program.
 */
public final class ModelZip {

  private ModelZip() {}

  /**
   * Writes a model. The manifest comes first, so that reading it back keeps nothing aside.
   *
   * @param out where to; stays open
   * @param catalog the layers that the definition may have
   * @throws io.weft.spec.DefinitionException if the definition has a layer that is not in the
   *     catalog; nothing is written then
   * @throws IOException if writing fails
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  public static void save(ModelContents model, LayerCatalog catalog, OutputStream out)
      throws IOException {
    Objects.requireNonNull(out, "out");
    Map<String, Content> files = ModelFormat.files(model, catalog);
    Map<String, Fingerprint> fingerprints = new LinkedHashMap<>();
    for (Map.Entry<String, Content> file : files.entrySet()) {
      fingerprints.put(
          file.getKey(), Fingerprint.ofWritten(file.getValue(), OutputStream.nullOutputStream()));
    }
    byte[] manifest = ModelFormat.manifest(model, fingerprints).bytes();
    ZipOutputStream zip = new ZipOutputStream(out);
    // Weights are noise to a compressor; it is for the texts.
    zip.setLevel(Deflater.BEST_SPEED);
    zip.putNextEntry(new ZipEntry(Manifest.FILE));
    zip.write(manifest);
    for (Map.Entry<String, Content> file : files.entrySet()) {
      zip.putNextEntry(new ZipEntry(file.getKey()));
      file.getValue().writeTo(zip);
    }
    zip.finish();
    zip.flush();
  }

  /**
   * Loads a model from a zip of its folder, by {@link #save} or any other program. Every file is
   * verified. Files that come before the manifest are kept in memory meanwhile.
   *
   * @param in read to the end of the zip; stays open
   * @param catalog the layers that the definition may have
   * @throws ModelFormatException if there is no model, or it is damaged, foreign or newer
   * @throws IOException if reading fails
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  public static ModelContents load(InputStream in, LayerCatalog catalog) throws IOException {
    Objects.requireNonNull(in, "in");
    Objects.requireNonNull(catalog, "catalog");
    try {
      return ModelReader.withinMemory("the zip", () -> read("the zip", in, catalog));
    } catch (ClosedByInterruptException e) {
      throw Interruption.cancelled(null);
    }
  }

  /** Reads a zip that messages call {@code source}. */
  static ModelContents read(Object source, InputStream in, LayerCatalog catalog)
      throws IOException {
    ZippedFiles files = new ZippedFiles(source, in);
    ModelContents model = ModelReader.read(files, catalog);
    files.requireEnd();
    return model;
  }
}
