package io.weft.internal.save;

import io.weft.internal.files.RegularFile;
import io.weft.internal.thread.Interruption;
import io.weft.save.ModelFormatException;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The files of a model, or of several, in a zip that is read from front to end, at its root or in
 * one folder. What comes before it is asked for is kept; in a zip that Weft wrote, nothing is.
 */
final class ZippedFiles {

  /** What a zip is of. */
  interface Kind {
    /** A single model. */
    Kind MODEL =
        new Kind() {
          @Override
          public String what() {
            return "model";
          }

          @Override
          public String nameIn(String path) {
            String name = name(path);
            return Manifest.isPart(name) ? name : "";
          }
        };

    /** Returns what it is called: a saved what. */
    String what();

    /** Returns the end of a path that names a file of it; "" where none does. */
    String nameIn(String path);

    /** Returns the last part of a path. */
    static String name(String path) {
      return path.substring(path.lastIndexOf('/') + 1);
    }
  }

  /** What a foreign entry that is passed over may unpack to. */
  private static final int MOST_PASSED_OVER = 1 << 20;

  private final Object source;
  private final Kind kind;
  private final Bytes bytes;
  private final ZipInputStream zip;
  private final Map<String, byte[]> kept = new HashMap<>();
  private @Nullable String root;

  /**
   * Reads a stream, which the caller closes.
   *
   * @param source what messages call it
   */
  ZippedFiles(Object source, InputStream in, Kind kind) {
    this.source = source;
    this.kind = kind;
    bytes = new Bytes(in);
    zip = new ZipInputStream(bytes);
  }

  /**
   * Returns whether a zip is of a kind, as its first telling entries say; what is damaged, or could
   * not be loaded for what is in it besides, is of none.
   *
   * @param first the file that only this kind has
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  static boolean isOf(Kind kind, String first, Path file) {
    try (ZipInputStream zip =
        new ZipInputStream(new Bytes(new BufferedInputStream(RegularFile.open(file))))) {
      for (ZipEntry entry = entry(zip); entry != null; entry = entry(zip)) {
        String path = path(entry);
        if (kind.nameIn(path).equals(first)) {
          return true;
        }
        if (isPassedOver(entry) ? !isSmall(zip) : kind.nameIn(path).isEmpty()) {
          return false;
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      // Who loads it says what is wrong with it.
      return false;
    }
    return false;
  }

  private static boolean isPassedOver(ZipEntry entry) {
    return entry.isDirectory() || ModelPlace.isDropping(path(entry));
  }

  /**
   * Reads an entry that is passed over, and returns whether it is as small as such are: to go to
   * the next one is to unpack all of it.
   */
  private static boolean isSmall(ZipInputStream zip) throws IOException {
    return zip.readNBytes(MOST_PASSED_OVER).length < MOST_PASSED_OVER;
  }

  /** Returns what a message calls a file. */
  Object place(String name) {
    return source + ", " + (root == null ? "" : root) + name;
  }

  /**
   * Returns the files of a model.
   *
   * @param folder that they are in, with a slash at its end; "" for none
   */
  ModelFiles model(String folder) {
    return new OfModel(folder);
  }

  /**
   * Opens the file that all others are read by.
   *
   * @throws ModelFormatException if it is not there
   */
  InputStream openFirst(String name) throws IOException {
    try {
      return open(name);
    } catch (NoSuchFileException e) {
      throw new ModelFormatException(
          source,
          "no " + name,
          "a zip of the folder of a saved " + kind.what(),
          "Zip the folder with all its files, or write it with save(OutputStream).",
          e);
    }
  }

  /**
   * Opens a file.
   *
   * @throws NoSuchFileException if it is not there
   */
  InputStream open(String name) throws IOException {
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
    } catch (IOException e) {
      throw told(e);
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
    } catch (IOException e) {
      throw told(e);
    }
  }

  /** Goes to the next file of the model and returns its name; "" at the end. */
  private String next() throws IOException {
    for (ZipEntry entry = entry(zip); entry != null; entry = entry(zip)) {
      String path = path(entry);
      String file = kind.nameIn(path);
      String folder = path.substring(0, path.length() - file.length());
      if (isPassedOver(entry)) {
        if (!isSmall(zip)) {
          throw foreign(path);
        }
      } else if (!file.isEmpty() && (root == null || root.equals(folder))) {
        root = folder;
        return file;
      } else {
        throw foreign(path);
      }
    }
    return "";
  }

  /** Goes to the next entry. Names that are no text Java answers with an error of another kind. */
  private static @Nullable ZipEntry entry(ZipInputStream zip) throws IOException {
    try {
      return zip.getNextEntry();
    } catch (IllegalArgumentException e) {
      ZipException damage = new ZipException("a name that is no text in UTF-8");
      damage.initCause(e);
      throw damage;
    }
  }

  /** Returns the path of an entry, with slashes. */
  private static String path(ZipEntry entry) {
    return entry.getName().replace('\\', '/');
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
        } catch (IOException e) {
          throw told(e);
        }
      }

      @Override
      public void close() {
        // The next entry is read from the same stream.
      }
    };
  }

  /**
   * What the zip is read from, which knows whether it was that which failed, and is read no further
   * by whoever is interrupted.
   */
  private static final class Bytes extends FilterInputStream {
    private @Nullable IOException failure;

    Bytes(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int from, int count) throws IOException {
      Interruption.check();
      try {
        return super.read(buffer, from, count);
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }
  }

  /** Whatever Java says of a zip that was read without failure, it is damage. */
  private IOException told(IOException found) {
    boolean isOther = found == bytes.failure || found instanceof ModelFormatException;
    return isOther ? found : damaged(found);
  }

  private ModelFormatException foreign(String name) {
    return new ModelFormatException(
        source,
        "\"" + name + "\" in it",
        "a zip of the folder of one saved " + kind.what() + " and of nothing else",
        "Zip that folder alone.");
  }

  private ModelFormatException damaged(IOException cause) {
    return new ModelFormatException(
        source,
        "a damaged zip (" + cause.getMessage() + ")",
        "a zip of the folder of a saved " + kind.what(),
        "It was damaged, or copied in part; take the model from a copy.",
        cause);
  }

  /** Those of one model. */
  private final class OfModel implements ModelFiles {
    private final String folder;

    OfModel(String folder) {
      this.folder = folder;
    }

    @Override
    public Object place(String name) {
      return ZippedFiles.this.place(folder + name);
    }

    @Override
    public Manifest manifest() throws IOException {
      try (InputStream in = openFirst(folder + Manifest.FILE)) {
        Object place = place(Manifest.FILE);
        return Manifest.parse(place, Manifest.bytes(place, in));
      }
    }

    @Override
    public InputStream open(String name) throws IOException {
      return ZippedFiles.this.open(folder + name);
    }

    @Override
    public void close() {
      // The stream is the caller's.
    }
  }
}
