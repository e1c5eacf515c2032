package io.weft.internal.save;

import io.weft.internal.files.RegularFile;
import io.weft.save.ModelFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A folder whose files were all opened at once, as quickly as can be: whatever a save does with the
 * folder afterwards, what is read is the model that was there.
 */
final class OpenFolder implements ModelFiles {

  private final Path folder;
  private final Manifest manifest;
  private final Map<String, InputStream> files = new LinkedHashMap<>();

  private OpenFolder(Path folder, Manifest manifest) {
    this.folder = folder;
    this.manifest = manifest;
  }

  /**
   * Opens all files of a manifest.
   *
   * @param text of the manifest, which lies in the folder
   * @throws ModelFormatException if one is missing, no file or of another length
   */
  static OpenFolder of(Path folder, byte[] text) throws IOException {
    OpenFolder open = new OpenFolder(folder, Manifest.parse(folder.resolve(Manifest.FILE), text));
    try {
      for (Map.Entry<String, Fingerprint> file : open.manifest.files().entrySet()) {
        open.files.put(file.getKey(), opened(folder, file.getKey(), file.getValue()));
      }
      return open;
    } catch (IOException | RuntimeException | Error e) {
      open.close();
      throw e;
    }
  }

  private static InputStream opened(Path folder, String name, Fingerprint expected)
      throws IOException {
    Path file = folder.resolve(name);
    Optional<String> other = RegularFile.otherThanFile(file);
    if (other.isPresent()) {
      throw new ModelFormatException(
          file, other.get(), "a file of the model", "Copy the whole folder of the saved model.");
    }
    long bytes = Files.size(file);
    if (bytes != expected.bytes()) {
      throw new ModelFormatException(
          file, bytes + " bytes", expected.bytes() + " bytes", ModelFormat.advice(name));
    }
    return RegularFile.open(file);
  }

  @Override
  public Object place(String name) {
    return folder.resolve(name);
  }

  @Override
  public Manifest manifest() {
    return manifest;
  }

  @Override
  public InputStream open(String name) throws IOException {
    InputStream in = files.remove(name);
    if (in == null) {
      throw new NoSuchFileException(folder.resolve(name).toString());
    }
    return in;
  }

  @Override
  public void close() throws IOException {
    for (InputStream in : files.values()) {
      in.close();
    }
    files.clear();
  }
}
