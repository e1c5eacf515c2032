package io.weft.exchange;

import io.weft.data.DataFormatException;
import io.weft.data.IdxCodes;
import io.weft.data.ImageSet;
import io.weft.data.RecordLayout;
import io.weft.internal.files.RegularFile;
import io.weft.spec.ImageSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Reads images that other programs have made as whole numbers, such as the codes of a vector
 * quantiser: NumPy's {@code .npy} and {@code .npz}, safetensors, or IDX of 16 or 32 bits. An array
 * is [image, row, column] or [image, row, column, channel], of any type of numbers that {@link
 * TensorFile} reads; each is a level, and taken as it is.
 */
public final class CodeFile {

  /** The array of images, where a file has several. */
  public static final String CODES = "codes";

  /** The array of labels, [image], if a file has one. */
  public static final String LABELS = "labels";

  private static final List<String> ENDINGS = List.of(".npy", ".npz", ".safetensors");

  private CodeFile() {}

  /**
   * Returns whether a file is one that this reads: named like one of arrays, or IDX of 16 or 32
   * bits, which its first bytes say.
   *
   * @throws IOException if it cannot be read
   */
  public static boolean isOne(Path file) throws IOException {
    String name = file.toString().toLowerCase(Locale.ROOT);
    return ENDINGS.stream().anyMatch(name::endsWith) || IdxCodes.isOne(file);
  }

  /**
   * Reads the images of a file: its only array, or that called {@value #CODES}; where it has one
   * called {@value #LABELS}, with labels, of which the classes are those that occur. What {@link
   * #open} takes is opened, if it has more than 2^28 bytes.
   *
   * @param levels how many levels there are, those of the code book, 2 to 65536
   * @throws DataFormatException if the file is damaged, has no such array, or one of another form,
   *     or a number is no level
   * @throws IOException if it cannot be read
   */
  public static ImageSet read(Path file, int levels) throws IOException {
    return read(file, levels, RecordLayout.MOST_IN_MEMORY);
  }

  /** As above, opening what has more than so many bytes. */
  static ImageSet read(Path file, int levels, long most) throws IOException {
    boolean isLarge = Files.isRegularFile(file) && Files.size(file) > most;
    if (isLarge && isOpened(file)) {
      return open(file, levels);
    }
    if (IdxCodes.isOne(file)) {
      return IdxCodes.read(file, levels);
    }
    TensorFile arrays = TensorFile.open(file);
    List<String> names =
        arrays.entries().keySet().stream().filter(name -> !name.equals(LABELS)).toList();
    String name = names.size() == 1 ? names.get(0) : CODES;
    if (!names.contains(name)) {
      throw new DataFormatException(
          file,
          "the arrays " + names,
          "one array, or one called \"" + CODES + "\"",
          "Call the one with the codes so, or leave the others out.");
    }
    ImageSet images = read(file, name, levels);
    return arrays.entries().containsKey(LABELS) ? labelled(images, file, arrays) : images;
  }

  /**
   * Opens the images of a file with one array, which may be larger than the memory; see {@link
   * ImageSet#open}. That is {@code .npy}, or IDX of 16 or 32 bits. A number that is no level is
   * found when its image is asked for.
   *
   * @param file whole numbers in C's order, not packed
   * @param levels how many levels there are, those of the code book, 2 to 65536
   * @return an unlabelled set
   * @throws DataFormatException if the file is another, is cut off, or has an array of another form
   * @throws IOException if it cannot be opened
   */
  public static ImageSet open(Path file, int levels) throws IOException {
    if (IdxCodes.isOne(file)) {
      return IdxCodes.open(file, levels);
    }
    NpyHeader header = header(file);
    Optional<RecordLayout.Kind> number = header.type().flatMap(NumberType::whole);
    if (number.isEmpty() || header.fortran()) {
      throw new DataFormatException(
          file,
          header.entry().type() + (header.fortran() ? " in Fortran's order" : " in C's order"),
          "whole numbers in C's order",
          "Store numpy.ascontiguousarray(codes, numpy.uint16).");
    }
    List<Integer> sizes = header.entry().dimensions();
    ImageSpec spec = spec(file, NpyFile.name(file), sizes, levels);
    ImageSet images =
        ImageSet.open(
            file, spec, RecordLayout.whole(spec, header.length(), number.get(), header.order()));
    if (images.size() != sizes.get(0)) {
      throw new DataFormatException(
          file,
          images.size() + " images",
          "the " + sizes.get(0) + " that its head announces",
          "The file is cut off or damaged; fetch it again.");
    }
    return images;
  }

  private static boolean isOpened(Path file) throws IOException {
    if (IdxCodes.isOne(file)) {
      return IdxCodes.isPlain(file);
    }
    if (!NpyFile.isOne(file)) {
      return false;
    }
    NpyHeader header = header(file);
    return !header.fortran() && header.type().flatMap(NumberType::whole).isPresent();
  }

  private static NpyHeader header(Path file) throws IOException {
    try (InputStream in = RegularFile.open(file)) {
      return NpyHeader.ofAnySize(file.toString(), in);
    }
  }

  /**
   * Reads one array of a file that has several, such as the top or the bottom of a hierarchy,
   * without labels.
   *
   * @param name of the array
   * @param levels how many levels there are, those of the code book, 2 to 65536
   * @throws DataFormatException if the file is damaged, the array has another form, or a number is
   *     no level
   * @throws IllegalArgumentException if there is no array of that name
   * @throws IOException if it cannot be read
   */
  public static ImageSet read(Path file, String name, int levels) throws IOException {
    Tensor array = TensorFile.open(file).read(name);
    ImageSpec spec = spec(file, name, array.dimensions(), levels);
    int[] codes = wholes(file, name, array, levels);
    return ImageSet.of(spec, codes);
  }

  private static ImageSpec spec(Path file, String name, List<Integer> sizes, int levels)
      throws DataFormatException {
    if (sizes.size() == 3 || sizes.size() == 4) {
      try {
        return new ImageSpec(
            sizes.get(1), sizes.get(2), sizes.size() == 3 ? 1 : sizes.get(3), levels);
      } catch (IllegalArgumentException e) {
        throw new DataFormatException(
            file,
            "the array " + name + " of " + sizes + ": " + e.getMessage(),
            "[image, row, column] or [image, row, column, channel]",
            "Bring its axes into this order.",
            e);
      }
    }
    throw new DataFormatException(
        file,
        "the array " + name + " of " + sizes,
        "[image, row, column] or [image, row, column, channel]",
        "Bring it into this form (NumPy's reshape).");
  }

  private static int[] wholes(Path file, String name, Tensor array, int bound)
      throws DataFormatException {
    float[] values = array.shared();
    int[] wholes = new int[values.length];
    for (int i = 0; i < wholes.length; i++) {
      wholes[i] = (int) values[i];
      if (wholes[i] != values[i] || wholes[i] < 0 || wholes[i] >= bound) {
        throw new DataFormatException(
            file,
            "the number " + values[i] + " in " + name,
            "whole numbers from 0 to " + (bound - 1),
            "Give the number of levels, those of the code book, if there are more.");
      }
    }
    return wholes;
  }

  /** The classes are the labels that occur, named by their numbers. */
  private static ImageSet labelled(ImageSet images, Path file, TensorFile arrays)
      throws IOException {
    Tensor array = arrays.read(LABELS);
    if (array.dimensions().size() != 1 || array.size() != images.size()) {
      throw new DataFormatException(
          file,
          "labels of " + array.dimensions(),
          "[" + images.size() + "], one for each image",
          "Store one label for each image.");
    }
    int[] read = wholes(file, LABELS, array, ImageSpec.MAX_LEVELS);
    int[] classes = IntStream.of(read).distinct().sorted().toArray();
    return images.labelled(
        IntStream.of(read).map(label -> Arrays.binarySearch(classes, label)).toArray(),
        IntStream.of(classes).mapToObj(Integer::toString).toList());
  }
}
