package io.weft.data;

import io.weft.internal.files.HeedingStream;
import io.weft.internal.files.RegularFile;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A file of bytes, plain or gzipped (told by its first bytes, not by its name), read from front to
 * end with a bound on what is allocated.
 */
final class DataFile implements AutoCloseable {

  /** Deflate packs at most 1032 bytes into one (RFC 1951: 258 bytes in two bits). */
  static final long MAX_DEFLATE_RATIO = 1032;

  /** What every JVM can allocate as one array, memory permitting. */
  static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

  private static final int GZIP_MAGIC = 0x1F8B;

  private final Path path;
  private final InputStream in;
  private final long mostBytes;
  private long read;

  private DataFile(Path path, InputStream in, long mostBytes) {
    this.path = path;
    this.in = in;
    this.mostBytes = mostBytes;
  }

  static DataFile open(Path path) throws IOException {
    requireFile(path);
    long size = Files.size(path);
    InputStream raw = new BufferedInputStream(new HeedingStream(Files.newInputStream(path)));
    try {
      raw.mark(2);
      int magic = (raw.read() << 8) | raw.read();
      raw.reset();
      if (magic != GZIP_MAGIC) {
        return new DataFile(path, raw, size);
      }
      return new DataFile(path, new GZIPInputStream(raw, 1 << 16), size * MAX_DEFLATE_RATIO);
    } catch (ZipException | EOFException e) {
      raw.close();
      throw broken(path, e);
    } catch (IOException e) {
      raw.close();
      throw e;
    }
  }

  static void requireFile(Path path) throws IOException {
    Optional<String> other = RegularFile.otherThanFile(path);
    if (other.isPresent()) {
      throw new DataFormatException(path, other.get(), "a file", "Check the path.");
    }
  }

  static void requireFolder(Path path) throws DataFormatException {
    if (!Files.isDirectory(path)) {
      throw new DataFormatException(
          path, Files.exists(path) ? "a file" : "nothing", "a folder", "Check the path.");
    }
  }

  Path path() {
    return path;
  }

  /** Returns whether the file is gzipped. */
  boolean isPacked() {
    return in instanceof GZIPInputStream;
  }

  /** Reads exactly {@code count} bytes; refuses before allocating what the file cannot hold. */
  byte[] bytes(long count, String what) throws IOException {
    if (count > mostBytes - read) {
      throw tooShort(count, what, "a file that cannot hold them");
    }
    if (count > MAX_ARRAY) {
      throw new DataFormatException(
          path, count + " bytes of " + what, "at most " + MAX_ARRAY, "Use fewer images at once.");
    }
    byte[] bytes;
    try {
      bytes = in.readNBytes((int) count);
    } catch (ZipException | EOFException e) {
      throw broken(path, e);
    }
    read += bytes.length;
    if (bytes.length < count) {
      throw tooShort(
          count,
          what,
          String.format(Locale.ROOT, "the end of the file after %d of them", bytes.length));
    }
    return bytes;
  }

  /** Reads a big-endian number of 4 bytes, 0 to 2^32 - 1. */
  long unsignedInt(String what) throws IOException {
    long value = 0;
    for (byte b : bytes(Integer.BYTES, what)) {
      value = (value << 8) | (b & 0xFF);
    }
    return value;
  }

  void requireEnd() throws IOException {
    int next;
    try {
      next = in.read();
    } catch (ZipException | EOFException e) {
      throw broken(path, e);
    }
    if (next >= 0) {
      throw new DataFormatException(
          path,
          "more bytes after the " + read + " that its header announces",
          "the end of the file",
          "The file is damaged or of another kind; fetch it again.");
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private DataFormatException tooShort(long count, String what, String found) {
    return new DataFormatException(
        path,
        found,
        count + " bytes of " + what,
        "The file is cut off or damaged; fetch it again.");
  }

  /** What reads a file or folder. */
  interface Reading<T> {
    T read() throws IOException;
  }

  /**
   * Reads; what is too large for the memory is refused. A large allocation that fails leaves the
   * rest of the program as it was.
   */
  static <T> T withinMemory(Path path, Reading<T> reading) throws IOException {
    try {
      return reading.read();
    } catch (OutOfMemoryError e) {
      throw new DataFormatException(
          path,
          "more than the memory holds",
          "what fits beside all else into a Java heap of "
              + (Runtime.getRuntime().maxMemory() >> 20)
              + " MiB",
          "Use fewer or smaller images at once, or give Java more memory (-Xmx).",
          e);
    }
  }

  private static DataFormatException broken(Path path, IOException cause) {
    return new DataFormatException(
        path,
        "damaged gzip data (" + cause.getMessage() + ")",
        "a whole gzip file",
        "Fetch it again.",
        cause);
  }
}
