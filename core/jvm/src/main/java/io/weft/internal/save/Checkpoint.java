package io.weft.internal.save;

import io.weft.expression.Parameter;
import io.weft.internal.files.AtomicFile.Content;
import io.weft.internal.files.MaskedCrc;
import io.weft.internal.thread.Interruption;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.zip.CRC32C;

/**
 * Float arrays in TensorFlow's checkpoint format, which every TensorFlow reads: the files {@code
 * PREFIX.data-00000-of-00001}, the numbers of all arrays, and {@code PREFIX.index}, where each lies
 * (see {@link TensorIndex}).
 */
final class Checkpoint {

  /** Bytes that are converted at a time. */
  private static final int PIECE = 1 << 16;

  /** Some hundred thousand arrays: more than a definition may have. */
  private static final int LARGEST_INDEX = 64 << 20;

  private Checkpoint() {}

  /**
   * One array.
   *
   * @param name under which it is found again
   * @param parameter gives the shape
   * @param values gives the numbers, row-major; asked for more than once, one array at a time
   */
  record Entry(String name, Parameter parameter, Supplier<float[]> values) {
    Entry {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(parameter, "parameter");
      Objects.requireNonNull(values, "values");
    }

    private long bytes() {
      return bytesOf(parameter);
    }
  }

  private static long bytesOf(Parameter parameter) {
    return (long) Float.BYTES * parameter.size();
  }

  /** Returns the name of the index. */
  static String index(String prefix) {
    return prefix + ".index";
  }

  /** Returns the name of a data file, as {@code tensor_bundle} names them. */
  static String data(String prefix, int shard, int shards) {
    return prefix + ".data-" + fiveDigits(shard) + "-of-" + fiveDigits(shards);
  }

  private static String fiveDigits(int number) {
    String digits = Integer.toString(number);
    return "0".repeat(Math.max(0, 5 - digits.length())) + digits;
  }

  /**
   * Returns the files of a checkpoint, by name.
   *
   * @param prefix what the names begin with
   * @param entries at least one; the numbers lie in their order
   */
  static Map<String, Content> files(String prefix, List<Entry> entries) {
    Map<String, Content> files = new LinkedHashMap<>();
    files.put(index(prefix), out -> out.write(indexOf(entries).bytes()));
    files.put(
        data(prefix, 0, 1),
        out -> {
          for (Entry entry : entries) {
            write(entry.values().get(), out, new CRC32C());
          }
        });
    return files;
  }

  private static TensorIndex indexOf(List<Entry> entries) throws IOException {
    Map<String, TensorIndex.Tensor> tensors = new LinkedHashMap<>();
    long offset = 0;
    for (Entry entry : entries) {
      CRC32C crc = new CRC32C();
      write(entry.values().get(), OutputStream.nullOutputStream(), crc);
      tensors.put(
          entry.name(),
          new TensorIndex.Tensor(
              entry.parameter().dimensions(), 0, offset, entry.bytes(), MaskedCrc.of(crc)));
      offset += entry.bytes();
    }
    return new TensorIndex(1, tensors);
  }

  private static void write(float[] values, OutputStream out, CRC32C crc) throws IOException {
    ByteBuffer piece = ByteBuffer.allocate(PIECE).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < values.length; at += PIECE / Float.BYTES) {
      Interruption.check();
      int count = Math.min(PIECE / Float.BYTES, values.length - at);
      piece.asFloatBuffer().put(values, at, count);
      crc.update(piece.array(), 0, count * Float.BYTES);
      out.write(piece.array(), 0, count * Float.BYTES);
    }
  }

  /** Where a checkpoint's files come from. */
  interface Source {
    /** Returns the length of a file, which can be trusted once it was read to its end. */
    long length(String file) throws IOException;

    /** Has a file read, and sees to it that it is whole. */
    <T> T read(String file, Reading<T> reading) throws IOException;
  }

  /** What is made of a file. */
  interface Reading<T> {
    T of(InputStream in) throws IOException;
  }

  /**
   * Reads arrays from a checkpoint, which has these and no others.
   *
   * @param prefix what the file names begin with
   * @param wanted the parameters by name
   * @return the numbers by name, row-major
   * @throws IOException if one is missing, no float32 or of another shape, or reading fails
   */
  static Map<String, float[]> read(Source source, String prefix, Map<String, Parameter> wanted)
      throws IOException {
    String indexFile = index(prefix);
    if (source.length(indexFile) > LARGEST_INDEX) {
      throw new IOException(indexFile + " of " + source.length(indexFile) + " bytes");
    }
    TensorIndex index =
        source.read(indexFile, in -> TensorIndex.read(in.readAllBytes(), wanted.size()));
    check(index, wanted);
    Map<String, float[]> arrays = new LinkedHashMap<>();
    wanted.keySet().forEach(name -> arrays.put(name, new float[0]));
    for (int shard = 0; shard < index.shards(); shard++) {
      String file = data(prefix, shard, index.shards());
      List<Map.Entry<String, TensorIndex.Tensor>> inside = inside(index, shard);
      checkFills(file, inside, source.length(file));
      arrays.putAll(source.read(file, in -> floats(in, inside)));
    }
    return arrays;
  }

  private static void check(TensorIndex index, Map<String, Parameter> wanted) throws IOException {
    for (Map.Entry<String, Parameter> entry : wanted.entrySet()) {
      TensorIndex.Tensor found = index.tensors().get(entry.getKey());
      if (found == null) {
        throw new IOException("no " + entry.getKey());
      }
      Parameter parameter = entry.getValue();
      if (!found.dimensions().equals(parameter.dimensions())
          || found.size() != bytesOf(parameter)
          || found.shard() < 0
          || found.shard() >= index.shards()) {
        throw new IOException(
            entry.getKey()
                + " of shape "
                + found.dimensions()
                + ", "
                + found.size()
                + " bytes in data file "
                + found.shard()
                + " of "
                + index.shards()
                + " where the definition has "
                + parameter.dimensions());
      }
    }
    for (String name : index.tensors().keySet()) {
      if (!wanted.containsKey(name)) {
        throw new IOException(name + ", which the definition does not have");
      }
    }
    if (index.shards() > Math.max(1, wanted.size())) {
      throw new IOException(index.shards() + " data files for " + wanted.size() + " arrays");
    }
  }

  private static List<Map.Entry<String, TensorIndex.Tensor>> inside(TensorIndex index, int shard) {
    return index.tensors().entrySet().stream()
        .filter(e -> e.getValue().shard() == shard)
        .sorted(Comparator.comparingLong(e -> e.getValue().offset()))
        .toList();
  }

  /** Checks that the arrays of a data file lie one behind the other, and fill it. */
  private static void checkFills(
      String file, List<Map.Entry<String, TensorIndex.Tensor>> inside, long length)
      throws IOException {
    long end = 0;
    List<String> gaps = new ArrayList<>();
    for (Map.Entry<String, TensorIndex.Tensor> tensor : inside) {
      if (tensor.getValue().offset() != end) {
        gaps.add(tensor.getKey());
      }
      end = tensor.getValue().offset() + tensor.getValue().size();
    }
    if (!gaps.isEmpty() || end != length) {
      throw new IOException(
          file
              + " of "
              + length
              + " bytes for arrays that end at "
              + end
              + (gaps.isEmpty() ? "" : "; not one behind the other: " + gaps));
    }
  }

  private static Map<String, float[]> floats(
      InputStream in, List<Map.Entry<String, TensorIndex.Tensor>> inside) throws IOException {
    Map<String, float[]> arrays = new LinkedHashMap<>();
    for (Map.Entry<String, TensorIndex.Tensor> tensor : inside) {
      arrays.put(tensor.getKey(), floats(in, tensor.getKey(), tensor.getValue()));
    }
    return arrays;
  }

  private static float[] floats(InputStream in, String name, TensorIndex.Tensor tensor)
      throws IOException {
    float[] values = new float[(int) (tensor.size() / Float.BYTES)];
    ByteBuffer piece = ByteBuffer.allocate(PIECE).order(ByteOrder.LITTLE_ENDIAN);
    CRC32C crc = new CRC32C();
    for (int at = 0; at < values.length; at += PIECE / Float.BYTES) {
      int count = Math.min(PIECE / Float.BYTES, values.length - at);
      int read = in.readNBytes(piece.array(), 0, count * Float.BYTES);
      crc.update(piece.array(), 0, read);
      piece.asFloatBuffer().get(values, at, count);
    }
    if (MaskedCrc.of(crc) != tensor.crc()) {
      throw new IOException(name + " does not fit its checksum");
    }
    return values;
  }
}
