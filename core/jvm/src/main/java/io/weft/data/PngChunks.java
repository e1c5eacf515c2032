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
import org.jspecify.annotations.Nullable;

/**
 * What Java's decoder passes over in a PNG file: the checksums, without which damaged bytes would
 * become wrong pixels, and the Exif data. A file is a signature and chunks: length, type, content,
 * CRC-32 of type and content (PNG specification, section 5.3).
 */
final class PngChunks {

  private static final int SIGNATURE = 8;
  private static final String LAST = "IEND";
  private static final String EXIF = "eXIf";

  /** Exif data are some thousand bytes; where they lie in a JPEG they cannot be more. */
  private static final int MOST_EXIF = 1 << 16;

  private final @Nullable String fault;
  private final byte[] exif;

  private PngChunks(@Nullable String fault, byte[] exif) {
    this.fault = fault;
    this.exif = exif;
  }

  /** Returns what is wrong with the file: in words, or nothing. */
  Optional<String> fault() {
    return Optional.ofNullable(fault);
  }

  /** Returns the content of the eXIf chunk, a TIFF file by itself; empty if there is none. */
  byte[] exif() {
    return exif;
  }

  /**
   * Goes through a file that begins like a PNG.
   *
   * @throws IOException if reading fails
   */
  static PngChunks of(Path file) throws IOException {
    byte[] exif = {};
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
        if (name.equals(EXIF) && left <= MOST_EXIF) {
          exif = new byte[(int) left];
          in.readFully(exif);
          crc.update(exif);
          left = 0;
        }
        while (left > 0) {
          int part = (int) Math.min(left, buffer.length);
          in.readFully(buffer, 0, part);
          crc.update(buffer, 0, part);
          left -= part;
        }
        if (in.readInt() != (int) crc.getValue()) {
          return new PngChunks("a checksum that does not fit its chunk", exif);
        }
      } while (!name.equals(LAST));
      return new PngChunks(null, exif);
    } catch (EOFException e) {
      return new PngChunks("a file that is cut off", exif);
    }
  }
}
