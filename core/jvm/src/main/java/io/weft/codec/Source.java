package io.weft.codec;

import io.weft.internal.files.RegularFile;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;

/** Where the blocks of coded images are. */
interface Source {

  /** Returns what to call it in a message. */
  String place();

  /**
   * Reads a block.
   *
   * @param header says where it is
   * @throws CodecException if it is not whole
   */
  byte[] read(FileHeader header, int block) throws IOException;

  /** What gives the bytes of a block. */
  @FunctionalInterface
  interface Blocks {
    /** Reads a block, as above. */
    byte[] read(FileHeader header, int block) throws IOException;
  }

  private static Source of(String place, Blocks blocks) {
    return new Source() {
      @Override
      public String place() {
        return place;
      }

      @Override
      public byte[] read(FileHeader header, int block) throws IOException {
        return blocks.read(header, block);
      }
    };
  }

  /** Returns blocks in memory, which together may be more than an array has. */
  static Source of(String place, byte[][] blocks) {
    return of(place, (header, block) -> blocks[block].clone());
  }

  /** Returns a whole file in memory. */
  static Source of(String place, byte[] file) {
    return of(
        place,
        (header, block) -> {
          int start = Math.toIntExact(header.size() + header.offset(block));
          return Arrays.copyOfRange(file, start, start + header.length(block));
        });
  }

  /** Returns a file, which is opened for each block that is read. */
  static Source of(Path file) {
    return of(file.toString(), (header, block) -> read(file, header, block));
  }

  private static byte[] read(Path file, FileHeader header, int block) throws IOException {
    try (InputStream in = RegularFile.open(file)) {
      in.skipNBytes(header.size() + header.offset(block));
      byte[] bytes = in.readNBytes(header.length(block));
      if (bytes.length < header.length(block)) {
        throw cut(file);
      }
      return bytes;
    } catch (EOFException e) {
      throw cut(file);
    }
  }

  private static CodecException cut(Path file) {
    return CodecException.damaged(file.toString(), "its end within a block", "the whole block");
  }
}
