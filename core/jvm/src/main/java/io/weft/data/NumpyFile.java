package io.weft.data;

import io.weft.internal.Seam;
import io.weft.internal.files.AtomicFile;
import io.weft.internal.levels.LevelArray;
import io.weft.internal.thread.Interruption;
import io.weft.spec.ImageSpec;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Writes images as one array for NumPy: a {@code .npy} file, format 1.0, as {@code numpy.load}
 * reads it.
 */
public final class NumpyFile {

  private static final int HEADER = 10;

  /** The array begins at a multiple of this, as NumPy itself has it. */
  private static final int ALIGNMENT = 64;

  private NumpyFile() {}

  /**
   * Writes the levels of all images as unsigned bytes, of more than 256 levels as 16-bit unsigned
   * numbers, {@code [image, row, column, channel]}, replacing the file only when the new one is
   * whole.
   *
   * @param file where to; missing parent folders are made
   * @param images the images, possibly none
   * @throws IOException if writing fails
   */
  public static void write(Path file, ImageSet images) throws IOException {
    Objects.requireNonNull(images, "images");
    AtomicFile.write(file, out -> write(out, images));
  }

  /**
   * Writes what such a file has.
   *
   * @param out where to; stays open
   * @param images the images, possibly none
   * @throws IOException if writing fails
   */
  public static void write(OutputStream out, ImageSet images) throws IOException {
    DataOutputStream data = new DataOutputStream(out);
    String header = header(images.spec(), images.size());
    data.write(0x93);
    data.write("NUMPY\1\0".getBytes(StandardCharsets.ISO_8859_1));
    data.writeShort(Short.reverseBytes((short) header.length()));
    data.write(header.getBytes(StandardCharsets.US_ASCII));
    for (int i = 0; i < images.size(); i++) {
      Interruption.check();
      data.write(bytes(images, i));
    }
    data.flush();
  }

  /** Returns how many bytes such a file has. */
  @Seam
  public static long length(ImageSpec image, int images) {
    return HEADER
        + header(image, images).length()
        + (long) images * image.values() * LevelArray.bytesEach(image);
  }

  /** The highest byte first, as {@code >u2} says. */
  private static byte[] bytes(ImageSet images, int image) {
    LevelArray levels = LevelArray.of(images.spec(), images.spec().values());
    levels.copyFrom(images.image(image), 0);
    return levels.bytes(0, levels.length());
  }

  private static String header(ImageSpec image, int images) {
    String words =
        "{'descr': '"
            + (LevelArray.bytesEach(image) == 1 ? "|u1" : ">u2")
            + "', 'fortran_order': False, 'shape': ("
            + images
            + ", "
            + image.height()
            + ", "
            + image.width()
            + ", "
            + image.channels()
            + "), }";
    int padding = ALIGNMENT - (HEADER + words.length() + 1) % ALIGNMENT;
    return words + " ".repeat(padding % ALIGNMENT) + "\n";
  }
}
