package io.weft.internal.save;

import io.weft.internal.files.AtomicFile.Content;
import io.weft.internal.thread.Aside;
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
    write(files("", model, catalog), out);
  }

  /**
   * Returns the files of a model in the order in which they are read.
   *
   * @param folder that they are in, with a slash at its end; "" for none
   */
  static Map<String, Content> files(String folder, ModelContents model, LayerCatalog catalog)
      throws IOException {
    Map<String, Content> files = ModelFormat.files(model, catalog);
    Map<String, Fingerprint> fingerprints = new LinkedHashMap<>();
    for (Map.Entry<String, Content> file : files.entrySet()) {
      fingerprints.put(
          file.getKey(), Fingerprint.ofWritten(file.getValue(), OutputStream.nullOutputStream()));
    }
    byte[] manifest = ModelFormat.manifest(model, fingerprints).bytes();
    Map<String, Content> all = new LinkedHashMap<>();
    all.put(folder + Manifest.FILE, out -> out.write(manifest));
    files.forEach((name, content) -> all.put(folder + name, content));
    return all;
  }

  /** Writes a zip of files, in their order. */
  static void write(Map<String, Content> files, OutputStream out) throws IOException {
    ZipOutputStream zip = new ZipOutputStream(out);
    // Weights are noise to a compressor; it is for the texts.
    zip.setLevel(Deflater.BEST_SPEED);
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
    return reading("the zip", () -> read("the zip", in, catalog));
  }

  /** Reads what messages call {@code source}, on this thread. */
  static <T> T reading(Object source, Aside.FileWork<T> work) throws IOException {
    try {
      return ModelReader.withinMemory(source, work);
    } catch (ClosedByInterruptException e) {
      throw Interruption.cancelled(null);
    }
  }

  /** Reads a zip that messages call {@code source}. */
  static ModelContents read(Object source, InputStream in, LayerCatalog catalog)
      throws IOException {
    ZippedFiles files = new ZippedFiles(source, in, ZippedFiles.Kind.MODEL);
    ModelContents model = ModelReader.read(files.model(""), catalog);
    files.requireEnd();
    return model;
  }
}
