package io.weft.internal.save;

import io.weft.save.ModelFormatException;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The files of a model in a zip that is read from front to end, at its root or in one folder. What
 * comes before it is asked for is kept; in a zip that Weft wrote, nothing is.
 */
final class ZippedFiles implements ModelFiles {

  /** What a foreign entry that is passed over may unpack to. */
  private static final int MOST_PASSED_OVER = 1 << 20;

  private final Object source;
  private final ZipInputStream zip;
  private final Map<String, byte[]> kept = new HashMap<>();
  private @Nullable String root;
  private @Nullable Manifest manifest;

  /**
   * Reads a stream, which the caller closes.
   *
   * @param source what messages call it
   */
  ZippedFiles(Object source, InputStream in) {
    this.source = source;
    zip = new ZipInputStream(in);
  }

  @Override
  public Object place(String name) {
    return source + ", " + (root == null ? "" : root) + name;
  }

  @Override
  public Manifest manifest() throws IOException {
    Manifest known = manifest;
    if (known == null) {
      try (InputStream in = open(Manifest.FILE)) {
        known = Manifest.parse(place(Manifest.FILE), Manifest.bytes(place(Manifest.FILE), in));
      } catch (NoSuchFileException e) {
        throw new ModelFormatException(
            source,
            "no " + Manifest.FILE,
            "a zip of the folder of a saved model",
            "Zip the folder with all its files, or write it with save(OutputStream).",
            e);
      }
      manifest = known;
    }
    return known;
  }

  @Override
  public InputStream open(String name) throws IOException {
    byte[] before = kept.remove(name);
    if (before != null) {
      return new ByteArrayInputStream(before);
    }
    try {
      for (String file = next(); !file.isEmpty(); file = next()) {
        if (file.equals(name)) {
          return entryAlone();
        }
        keep(file);
      }
    } catch (ZipException | EOFException e) {
      throw damaged(e);
    }
    throw new NoSuchFileException(String.valueOf(place(name)));
  }

  /**
   * Checks that nothing is left, such as a second model.
   *
   * @throws ModelFormatException if there is
   */
  void requireEnd() throws IOException {
    try {
      String more = next();
      if (!more.isEmpty() || !kept.isEmpty()) {
        throw foreign("a second " + (more.isEmpty() ? kept.keySet().iterator().next() : more));
      }
    } catch (ZipException | EOFException e) {
      throw damaged(e);
    }
  }

  /** Goes to the next file of the model and returns its name; "" at the end. */
  private String next() throws IOException {
    for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
      String path = entry.getName().replace('\\', '/');
      String file = path.substring(path.lastIndexOf('/') + 1);
      String folder = path.substring(0, path.length() - file.length());
      if (entry.isDirectory() || ModelPlace.isDropping(path)) {
        if (zip.readNBytes(MOST_PASSED_OVER).length == MOST_PASSED_OVER) {
          throw foreign(path);
        }
      } else if (Manifest.isPart(file) && (root == null || root.equals(folder))) {
        root = folder;
        return file;
      } else {
        throw foreign(path);
      }
    }
    return "";
  }

  private void keep(String file) throws IOException {
    // Not yet compared with the manifest, which may come later.
    byte[] bytes = zip.readAllBytes();
    if (kept.putIfAbsent(file, bytes) != null) {
      throw foreign("a second " + file);
    }
  }

  private InputStream entryAlone() {
    return new FilterInputStream(zip) {
      @Override
      public int read(byte[] buffer, int from, int count) throws IOException {
        try {
          return super.read(buffer, from, count);
        } catch (ZipException | EOFException e) {
          throw damaged(e);
        }
      }

      @Override
      public void close() {
        // The next entry is read from the same stream.
      }
    };
  }

  private ModelFormatException foreign(String name) {
    return new ModelFormatException(
        source,
        "\"" + name + "\" in it",
        "a zip of the folder of one saved model and of nothing else",
        "Zip that folder alone.");
  }

  private ModelFormatException damaged(IOException cause) {
    return new ModelFormatException(
        source,
        "a damaged zip (" + cause.getMessage() + ")",
        "a zip of the folder of a saved model",
        "It was damaged, or copied in part; take the model from a copy.",
        cause);
  }

  @Override
  public void close() {
    // The stream is the caller's.
  }
}
