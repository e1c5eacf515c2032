package io.weft.exchange;

import io.weft.data.DataFormatException;
import io.weft.exchange.TensorFile.Entry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The head of an {@code .npy} file (numpy.lib.format): magic and version, the length of a Python
 * dictionary, and the dictionary.
 *
 * @param entry type and sizes
 * @param fortran whether the first axis runs quickest
 * @param length of the head in bytes
 */
record NpyHeader(Entry entry, boolean fortran, int length) {

  static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int LONGEST = 1 << 16;
  private static final int ALIGNMENT = 64;

  private static final Pattern TYPE = Pattern.compile("'descr': *('[^']*'|\\[.*?\\]),");
  private static final Pattern ORDER = Pattern.compile("'fortran_order': *(True|False)");
  private static final Pattern SHAPE = Pattern.compile("'shape': *\\(([0-9, ]{0,400})\\)");

  private static final String ADVICE = "The file is damaged or of another kind; fetch it again.";

  /** Reads from the beginning of a file to the end of its head, of an array for the memory. */
  static NpyHeader read(String place, InputStream in) throws IOException {
    NpyHeader header = ofAnySize(place, in);
    try {
      Tensor.count(header.entry().dimensions());
    } catch (IllegalArgumentException e) {
      throw tooLarge(place, "" + header.entry().dimensions(), e);
    }
    return header;
  }

  /** Reads from the beginning of a file to the end of its head. */
  static NpyHeader ofAnySize(String place, InputStream in) throws IOException {
    byte[] first = in.readNBytes(MAGIC.length + 2);
    if (first.length < MAGIC.length + 2
        || !Arrays.equals(Arrays.copyOf(first, MAGIC.length), MAGIC)) {
      throw refused(place, "no array");
    }
    int version = first[MAGIC.length];
    byte[] size = in.readNBytes(version == 1 ? Short.BYTES : Integer.BYTES);
    long length = 0;
    for (int i = size.length - 1; i >= 0; i--) {
      length = (length << 8) | (size[i] & 0xFF);
    }
    if (version < 1 || version > 3 || length > LONGEST) {
      throw refused(place, "version " + version + ", with a head of " + length + " bytes");
    }
    String words = new String(in.readNBytes((int) length), StandardCharsets.ISO_8859_1);
    Matcher type = TYPE.matcher(words);
    Matcher order = ORDER.matcher(words);
    Matcher shape = SHAPE.matcher(words);
    if (words.length() < length || !type.find() || !order.find() || !shape.find()) {
      throw refused(place, "the head " + words.substring(0, Math.min(words.length(), 120)).strip());
    }
    String name = type.group(1).startsWith("'") ? type.group(1) : "'structured'";
    return of(
        place,
        name.substring(1, name.length() - 1),
        order.group(1).equals("True"),
        shape.group(1),
        first.length + size.length + (int) length);
  }

  private static NpyHeader of(String place, String type, boolean fortran, String shape, int length)
      throws DataFormatException {
    try {
      List<Integer> sizes =
          Arrays.stream(shape.split("[, ]+"))
              .filter(size -> !size.isEmpty())
              .map(Integer::valueOf)
              .toList();
      return new NpyHeader(new Entry(type, sizes), fortran, length);
    } catch (NumberFormatException e) {
      throw tooLarge(place, "(" + shape + ")", e);
    }
  }

  private static DataFormatException tooLarge(String place, String sizes, Exception why) {
    return new DataFormatException(
        place,
        "an array of " + sizes,
        "sizes from 0, and at most 2^29 numbers",
        "Leave such an array out of the file.",
        why);
  }

  private static DataFormatException refused(String place, String found) {
    return new DataFormatException(place, found, "the head of an .npy file", ADVICE);
  }

  /** Returns the type of the numbers, if it is read. */
  Optional<NumberType> type() {
    String type = entry.type();
    // Of single bytes NumPy writes no order.
    return type.startsWith("<") || type.startsWith(">") || type.startsWith("|")
        ? NumberType.numpy(type.substring(1))
        : Optional.empty();
  }

  /** Returns the order of a number's bytes. */
  ByteOrder order() {
    return entry.type().startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
  }

  /** Returns how long the whole file is, where the size of a number is known. */
  OptionalLong end() {
    return type()
        .map(t -> OptionalLong.of(length + t.bytes() * Tensor.count(entry.dimensions())))
        .orElse(OptionalLong.empty());
  }

  /** Returns the array of numbers as they lie in the file. */
  Tensor arranged(float[] numbers) {
    if (!fortran) {
      return Tensor.taking(entry.dimensions(), numbers);
    }
    List<Integer> reversed = new ArrayList<>(entry.dimensions());
    Collections.reverse(reversed);
    int[] axes = new int[reversed.size()];
    Arrays.setAll(axes, axis -> axes.length - 1 - axis);
    return Tensor.taking(reversed, numbers).transposed(axes);
  }

  /** Returns the head of an array of float32, little-endian, in C's order. */
  static byte[] write(List<Integer> dimensions) {
    String sizes = dimensions.stream().map(String::valueOf).collect(Collectors.joining(", "));
    String words =
        "{'descr': '<f4', 'fortran_order': False, 'shape': ("
            + sizes
            + (dimensions.size() == 1 ? "," : "")
            + "), }";
    int before = MAGIC.length + 2 + Short.BYTES;
    int padding = Math.floorMod(-(before + words.length() + 1), ALIGNMENT);
    String padded = words + " ".repeat(padding) + "\n";
    byte[] head = Arrays.copyOf(MAGIC, before + padded.length());
    head[MAGIC.length] = 1;
    head[before - 2] = (byte) padded.length();
    head[before - 1] = (byte) (padded.length() >> 8);
    System.arraycopy(padded.getBytes(StandardCharsets.US_ASCII), 0, head, before, padded.length());
    return head;
  }
}
