package io.weft.exchange;

import io.weft.data.DataFormatException;
import io.weft.exchange.TensorFile.Entry;
import io.weft.internal.files.RegularFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** NumPy's {@code .npy}: one array, which is called as the file is. */
final class NpyFile implements TensorSource {

  private static final String SUFFIX = ".npy";

  private final Path path;
  private final String name;
  private final NpyHeader header;

  private NpyFile(Path path, String name, NpyHeader header) {
    this.path = path;
    this.name = name;
    this.header = header;
  }

  /** Returns whether a file begins like one. */
  static boolean isOne(Path path) throws IOException {
    try (InputStream in = RegularFile.open(path)) {
      return Arrays.equals(in.readNBytes(NpyHeader.MAGIC.length), NpyHeader.MAGIC);
    }
  }

  /** Returns what the array of a file is called. */
  static String name(Path path) {
    String file = String.valueOf(path.getFileName());
    return file.endsWith(SUFFIX) ? file.substring(0, file.length() - SUFFIX.length()) : file;
  }

  static NpyFile open(Path path) throws IOException {
    try (InputStream in = RegularFile.open(path)) {
      NpyHeader header = NpyHeader.read(path.toString(), in);
      long size = Files.size(path);
      if (header.end().isPresent() && header.end().getAsLong() != size) {
        throw new DataFormatException(
            path,
            size + " bytes",
            header.end().getAsLong()
                + ", as many as an array of "
                + header.entry().dimensions()
                + " takes",
            "The file is cut off or damaged; fetch it again.");
      }
      return new NpyFile(path, name(path), header);
    }
  }

  @Override
  public Map<String, Entry> entries() {
    return Map.of(name, header.entry());
  }

  @Override
  public Tensor read(String wanted) throws IOException {
    NumberType type =
        header.type().orElseThrow(() -> Unread.type(path, name, header.entry().type()));
    try (InputStream in = RegularFile.open(path)) {
      in.skipNBytes(header.length());
      float[] values = new float[(int) Tensor.count(header.entry().dimensions())];
      type.read(in, header.order(), values);
      return header.arranged(values);
    }
  }
}
