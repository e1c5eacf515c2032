package io.weft.internal.save;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import io.weft.internal.files.AtomicFile.Content;
import io.weft.internal.files.WriteException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A model that is written whole beside its place, and takes that when it is {@linkplain #publish
 * published}. Until this is closed no other save touches the place.
 */
final class Replacement implements AutoCloseable {

  private final Path folder;
  private final ModelPlace place;
  private final SaveLock lock;
  private boolean published;

  private Replacement(Path folder, ModelPlace place, SaveLock lock) {
    this.folder = folder;
    this.place = place;
    this.lock = lock;
  }

  /**
   * Writes a model beside its place. Missing parent folders are made.
   *
   * @param files all but the manifest
   * @throws io.weft.save.ModelFormatException if the folder holds anything else than a saved model
   * @throws WriteException if writing fails: no room, no permission
   * @throws IOException if another save does not end
   */
  static Replacement write(Path folder, ModelContents contents, Map<String, Content> files)
      throws IOException {
    try {
      ModelPlace.requireOwnDisk(folder);
      Path parent = folder.toAbsolutePath().normalize().getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      ModelPlace place = ModelPlace.of(folder);
      Replacement written = new Replacement(folder, place, place.lock());
      boolean done = false;
      try {
        place.prepare();
        written.fill(contents, files);
        done = true;
      } finally {
        if (!done) {
          written.close();
        }
      }
      return written;
    } catch (FileSystemException e) {
      throw new WriteException(folder, e);
    }
  }

  private void fill(ModelContents contents, Map<String, Content> files) throws IOException {
    try {
      place.makeFresh();
      Map<String, Fingerprint> fingerprints = new LinkedHashMap<>();
      for (Map.Entry<String, Content> file : files.entrySet()) {
        fingerprints.put(file.getKey(), write(file.getKey(), file.getValue()));
      }
      byte[] manifest = ModelFormat.manifest(contents, fingerprints).bytes();
      write(Manifest.FILE, out -> out.write(manifest));
      place.force();
    } catch (IOException e) {
      throw new WriteException(folder, e);
    }
  }

  private Fingerprint write(String name, Content content) throws IOException {
    try (OutputStream out = Files.newOutputStream(place.fresh().resolve(name), CREATE_NEW, WRITE)) {
      return Fingerprint.ofWritten(content, out);
    }
  }

  /**
   * Puts the model in its place.
   *
   * @throws WriteException if that fails; the old model stays
   */
  void publish() throws IOException {
    try {
      place.retire();
      place.publish();
      published = true;
    } catch (IOException e) {
      throw new WriteException(folder, e);
    }
  }

  /** Puts the old model back, if this one has taken its place. */
  void withdraw() throws IOException {
    if (published) {
      published = false;
      place.withdraw();
    }
  }

  /** Removes what is left beside the place, and lets others save to it. */
  @Override
  public void close() throws IOException {
    try {
      place.tidy();
    } catch (FileSystemException e) {
      throw new WriteException(folder, e);
    } finally {
      lock.close();
    }
  }
}
