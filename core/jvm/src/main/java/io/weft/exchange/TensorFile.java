package io.weft.exchange;

import io.weft.data.DataFormatException;
import io.weft.internal.files.RegularFile;
import io.weft.weight.Weights;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Arrays by name in a file of another program: safetensors, as PyTorch's and JAX's users share
 * weights, NumPy's {@code .npz}, or one array in NumPy's {@code .npy}, which is called as the file
 * is. Which of them a file is, its first bytes say.
 *
 * <p>Opening reads names, types and sizes, and checks that they fit the file; the numbers of an
 * array are read when it is asked for. Numbers are float32; of other types float64 is rounded to
 * it, float16 and bfloat16 are widened, whole numbers are taken up to 2^24, and all others are
 * listed, but refused when they are read. {@code .npz} may be packed or not, its arrays in C's or
 * Fortran's order and either byte order.
 */
public final class TensorFile {

  /** Bytes that tell the kinds of files apart. */
  private static final int MAGIC = NpyHeader.MAGIC.length;

  private final Path path;
  private final TensorSource source;

  /**
   * What a file says of an array.
   *
   * @param type of its numbers, as the file calls it, such as "F32" or "{@literal <}f4"
   * @param dimensions the sizes
   */
  public record Entry(String type, List<Integer> dimensions) {
    /** Freezes the list. */
    public Entry {
      Objects.requireNonNull(type, "type");
      dimensions = List.copyOf(dimensions);
    }
  }

  private TensorFile(Path path, TensorSource source) {
    this.path = path;
    this.source = source;
  }

  /**
   * Opens a file as far as the names and sizes of its arrays. It is not kept open.
   *
   * @throws DataFormatException if it is no such file, or damaged
   * @throws IOException if it cannot be read
   */
  public static TensorFile open(Path file) throws IOException {
    Objects.requireNonNull(file, "file");
    Optional<String> other = RegularFile.otherThanFile(file);
    if (other.isPresent()) {
      throw new DataFormatException(file, other.get(), "a file", "Check the path.");
    }
    byte[] magic;
    try (InputStream in = RegularFile.open(file)) {
      magic = in.readNBytes(MAGIC);
    }
    if (Arrays.equals(magic, NpyHeader.MAGIC)) {
      return new TensorFile(file, NpyFile.open(file));
    }
    boolean isZip = magic.length > 1 && magic[0] == 'P' && magic[1] == 'K';
    return new TensorFile(file, isZip ? NpzFile.open(file) : SafetensorsFile.open(file));
  }

  /** Returns what the file has, by name, in its order. */
  public Map<String, Entry> entries() {
    return source.entries();
  }

  /**
   * Reads one array.
   *
   * @throws IllegalArgumentException if there is none of that name; the message has the nearest
   *     names
   * @throws DataFormatException if its numbers are of a type that is not read, or damaged
   * @throws IOException if the file cannot be read
   */
  public Tensor read(String name) throws IOException {
    if (!entries().containsKey(name)) {
      throw new IllegalArgumentException(
          path
              + " has no array \""
              + name
              + "\" among its "
              + entries().size()
              + Near.words(name, entries().keySet()));
    }
    try {
      return source.read(name);
    } catch (ArithmeticException e) {
      throw new DataFormatException(
          path,
          e.getMessage() + " in " + name,
          "whole numbers of up to 2^24, which float32 has exactly",
          "Leave it out, or store it as float32.",
          e);
    } catch (OutOfMemoryError e) {
      throw new DataFormatException(
          path,
          name + " of " + entries().get(name).dimensions() + ", more than the memory holds",
          "what fits beside all else into a Java heap of "
              + (Runtime.getRuntime().maxMemory() >> 20)
              + " MiB",
          "Give Java more memory (-Xmx).",
          e);
    }
  }

  /**
   * Writes arrays as safetensors, float32, replacing the file only when the new one is whole.
   *
   * @param file where to; missing parent folders are made
   * @param arrays by name, in the order in which they are to lie
   * @throws IllegalArgumentException if there is none, or the name "__metadata__"
   * @throws IOException if writing fails
   */
  public static void writeSafetensors(Path file, Map<String, Tensor> arrays) throws IOException {
    SafetensorsFile.write(file, checked(arrays));
  }

  /**
   * Writes weights as safetensors, under their full names and in the sizes of their parameters.
   *
   * @throws IOException if writing fails
   */
  public static void writeSafetensors(Path file, Weights weights) throws IOException {
    writeSafetensors(file, arrays(weights));
  }

  /**
   * Writes arrays as {@code .npz}, float32, unpacked, replacing the file only when the new one is
   * whole: {@code numpy.load(file)[name]} is an array.
   *
   * @param file where to; missing parent folders are made
   * @param arrays by name, in the order in which they are to lie
   * @throws IllegalArgumentException if there is none
   * @throws IOException if writing fails
   */
  public static void writeNpz(Path file, Map<String, Tensor> arrays) throws IOException {
    NpzFile.write(file, checked(arrays));
  }

  /**
   * Writes weights as {@code .npz}, under their full names and in the sizes of their parameters.
   *
   * @throws IOException if writing fails
   */
  public static void writeNpz(Path file, Weights weights) throws IOException {
    writeNpz(file, arrays(weights));
  }

  private static Map<String, Tensor> arrays(Weights weights) {
    Map<String, Tensor> arrays = new LinkedHashMap<>();
    for (String name : weights.names()) {
      arrays.put(name, Tensor.taking(weights.parameter(name).dimensions(), weights.values(name)));
    }
    return arrays;
  }

  private static Map<String, Tensor> checked(Map<String, Tensor> arrays) {
    if (arrays.isEmpty()) {
      throw new IllegalArgumentException("a file of arrays has at least one, found none");
    }
    return arrays;
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
