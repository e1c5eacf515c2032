package io.weft.exchange;

import io.weft.data.DataFormatException;
import io.weft.exchange.TensorFile.Entry;
import io.weft.internal.files.AtomicFile;
import io.weft.internal.thread.Interruption;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** NumPy's {@code .npz}: a zip with an {@code .npy} file for each array. */
final class NpzFile implements TensorSource {

  private static final String SUFFIX = ".npy";
  private static final int MOST_ARRAYS = 100_000;

  /** Deflate packs at most 1032 bytes into one (RFC 1951). */
  private static final long MAX_DEFLATE_RATIO = 1032;

  /** What zips can say at the earliest: the same weights are the same bytes at any time. */
  private static final long TIME = 315_619_200_000L;

  private static final String DAMAGED = "The file is damaged or of another kind; fetch it again.";

  private final Path path;
  private final Map<String, NpyHeader> headers;

  private NpzFile(Path path, Map<String, NpyHeader> headers) {
    this.path = path;
    this.headers = headers;
  }

  /** What is done with an open zip. */
  private interface Reading<T> {
    T of(ZipFile zip) throws IOException;
  }

  private static <T> T reading(Path path, Reading<T> reading) throws IOException {
    try (ZipFile zip = new ZipFile(path.toFile())) {
      return reading.of(zip);
    } catch (ZipException | EOFException | IllegalArgumentException e) {
      throw new DataFormatException(
          path, "a damaged zip (" + e.getMessage() + ")", "a whole .npz", DAMAGED, e);
    } catch (UnsupportedOperationException e) {
      throw new DataFormatException(
          path, "a file within another", "a .npz on the disk", "Copy it out first.", e);
    }
  }

  static NpzFile open(Path path) throws IOException {
    return reading(path, zip -> new NpzFile(path, headers(path, zip)));
  }

  private static Map<String, NpyHeader> headers(Path path, ZipFile zip) throws IOException {
    if (zip.size() > MOST_ARRAYS) {
      throw new DataFormatException(
          path,
          zip.size() + " files in a zip",
          "a .npz of at most " + MOST_ARRAYS + " arrays",
          "Share the arrays out over several files.");
    }
    Map<String, NpyHeader> headers = new LinkedHashMap<>();
    for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
      Interruption.check();
      ZipEntry entry = all.nextElement();
      if (entry.getName().endsWith(SUFFIX)) {
        String name = entry.getName().substring(0, entry.getName().length() - SUFFIX.length());
        if (headers.put(name, header(path, zip, entry)) != null) {
          throw new DataFormatException(path, "two arrays of one name", "a name for each", DAMAGED);
        }
      }
    }
    if (headers.isEmpty()) {
      throw new DataFormatException(
          path,
          "a zip without " + SUFFIX + " files",
          "a .npz, as numpy.savez writes it, or safetensors",
          "Check the path.");
    }
    return Collections.unmodifiableMap(headers);
  }

  private static NpyHeader header(Path path, ZipFile zip, ZipEntry entry) throws IOException {
    try (InputStream in = zip.getInputStream(entry)) {
      NpyHeader header = NpyHeader.read(place(path, entry), in);
      long size = entry.getSize();
      if (size < 0
          || size / MAX_DEFLATE_RATIO > Math.max(0, entry.getCompressedSize())
          || (header.end().isPresent() && header.end().getAsLong() != size)) {
        throw new DataFormatException(
            place(path, entry),
            size + " bytes, packed into " + entry.getCompressedSize(),
            "as many as an array of " + header.entry().dimensions() + " takes",
            DAMAGED);
      }
      return header;
    }
  }

  private static String place(Path path, ZipEntry entry) {
    return path + ", " + Unread.shortened(entry.getName());
  }

  @Override
  public Map<String, Entry> entries() {
    Map<String, Entry> entries = new LinkedHashMap<>();
    headers.forEach((name, header) -> entries.put(name, header.entry()));
    return Collections.unmodifiableMap(entries);
  }

  @Override
  public Tensor read(String name) throws IOException {
    NpyHeader header = headers.get(name);
    NumberType type =
        header.type().orElseThrow(() -> Unread.type(path, name, header.entry().type()));
    return reading(
        path,
        zip -> {
          ZipEntry entry = zip.getEntry(name + SUFFIX);
          if (entry == null || !header(path, zip, entry).equals(header)) {
            throw new DataFormatException(
                path, "another file than before", "the one that was opened", "Open it again.");
          }
          return header.arranged(numbers(zip, entry, header, type));
        });
  }

  private float[] numbers(ZipFile zip, ZipEntry entry, NpyHeader header, NumberType type)
      throws IOException {
    CRC32 crc = new CRC32();
    try (InputStream in = new CheckedInputStream(zip.getInputStream(entry), crc)) {
      in.skipNBytes(header.length());
      float[] values = new float[(int) Tensor.count(header.entry().dimensions())];
      type.read(in, header.order(), values);
      if (in.read() >= 0 || crc.getValue() != entry.getCrc()) {
        throw new DataFormatException(
            place(path, entry), "numbers that do not fit their checksum", "a whole file", DAMAGED);
      }
      return values;
    }
  }

  static void write(Path file, Map<String, Tensor> arrays) throws IOException {
    AtomicFile.write(
        file,
        out -> {
          ZipOutputStream zip = new ZipOutputStream(out);
          for (Map.Entry<String, Tensor> array : arrays.entrySet()) {
            write(zip, array.getKey(), array.getValue());
          }
          zip.finish();
        });
  }

  private static void write(ZipOutputStream zip, String name, Tensor array) throws IOException {
    byte[] header = NpyHeader.write(array.dimensions());
    ZipEntry entry = new ZipEntry(name + SUFFIX);
    CheckedOutputStream sum = new CheckedOutputStream(OutputStream.nullOutputStream(), new CRC32());
    sum.write(header);
    SafetensorsFile.writeNumbers(sum, array);
    entry.setMethod(ZipEntry.STORED);
    entry.setTime(TIME);
    entry.setSize(header.length + (long) Float.BYTES * array.size());
    entry.setCrc(sum.getChecksum().getValue());
    zip.putNextEntry(entry);
    zip.write(header);
    SafetensorsFile.writeNumbers(zip, array);
    zip.closeEntry();
  }
}
