package io.weft.data;

import io.weft.internal.files.AtomicFile;
import java.io.DataOutputStream;
import java.io.IOException;
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
   * Writes the levels of all images as unsigned bytes, {@code [image, row, column, channel]},
   * replacing the file only when the new one is whole.
   *
   * @param file where to; missing parent folders are made
   * @param images the images, possibly none
   * @throws IOException if writing fails
   */
  public static void write(Path file, ImageSet images) throws IOException {
    Objects.requireNonNull(images, "images");
    AtomicFile.write(
        file,
        out -> {
          DataOutputStream data = new DataOutputStream(out);
          String header = header(images);
          data.write(0x93);
          data.write("NUMPY\1\0".getBytes(StandardCharsets.ISO_8859_1));
          data.writeShort(Short.reverseBytes((short) header.length()));
          data.write(header.getBytes(StandardCharsets.US_ASCII));
          byte[] image = new byte[images.spec().values()];
          for (int i = 0; i < images.size(); i++) {
            images.copyImage(i, image, 0);
            data.write(image);
          }
          data.flush();
        });
  }

  private static String header(ImageSet images) {
    String words =
        "{'descr': '|u1', 'fortran_order': False, 'shape': ("
            + images.size()
            + ", "
            + images.height()
            + ", "
            + images.width()
            + ", "
            + images.channels()
            + "), }";
    int padding = ALIGNMENT - (HEADER + words.length() + 1) % ALIGNMENT;
    return words + " ".repeat(padding % ALIGNMENT) + "\n";
  }
}
