package io.weft.data;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * The checksums in a PNG file, which Java's decoder passes over: without them, damaged bytes would
 * become wrong pixels. A file is a signature and chunks: length, type, content, CRC-32 of type and
 * content (PNG specification, section 5.3).
 */
final class PngChecksums {

  private static final int SIGNATURE = 8;
  private static final String LAST = "IEND";

  private PngChecksums() {}

  /**
   * Returns what is wrong with a file that begins like a PNG: in words, or nothing.
   *
   * @throws IOException if reading fails
   */
  static Optional<String> fault(Path file) throws IOException {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
      in.skipNBytes(SIGNATURE);
      byte[] buffer = new byte[1 << 13];
      String name;
      do {
        long left = Integer.toUnsignedLong(in.readInt());
        byte[] type = new byte[Integer.BYTES];
        in.readFully(type);
        name = new String(type, StandardCharsets.ISO_8859_1);
        CRC32 crc = new CRC32();
        crc.update(type);
        while (left > 0) {
          int part = (int) Math.min(left, buffer.length);
          in.readFully(buffer, 0, part);
          crc.update(buffer, 0, part);
          left -= part;
        }
        if (in.readInt() != (int) crc.getValue()) {
          return Optional.of("a checksum that does not fit its chunk");
        }
      } while (!name.equals(LAST));
      return Optional.empty();
    } catch (EOFException e) {
      return Optional.of("a file that is cut off");
    }
  }
}
