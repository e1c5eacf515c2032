package io.weft.codec;

import io.weft.internal.files.RegularFile;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;

/** Where the bytes of blocks are. */
interface Source {

  /** Returns what to call it in a message. */
  String place();

  /**
   * Reads some bytes.
   *
   * @param from the first, from the end of the header on
   * @throws CodecException if there are not as many
   */
  byte[] read(long from, int count) throws IOException;

  /** Returns bytes in memory, behind a header or not. */
  static Source of(String place, byte[] bytes, int header) {
    return new Source() {
      @Override
      public String place() {
        return place;
      }

      @Override
      public byte[] read(long from, int count) {
        int start = Math.toIntExact(header + from);
        return Arrays.copyOfRange(bytes, start, start + count);
      }
    };
  }

  /** Returns a file, which is opened for each piece that is read. */
  static Source of(Path file, int header) {
    return new Source() {
      @Override
      public String place() {
        return file.toString();
      }

      @Override
      public byte[] read(long from, int count) throws IOException {
        try (InputStream in = RegularFile.open(file)) {
          in.skipNBytes(header + from);
          byte[] bytes = in.readNBytes(count);
          if (bytes.length < count) {
            throw cut();
          }
          return bytes;
        } catch (EOFException e) {
          throw cut();
        }
      }

      private CodecException cut() {
        return CodecException.damaged(place(), "its end within a block", "the whole block");
      }
    };
  }
}
