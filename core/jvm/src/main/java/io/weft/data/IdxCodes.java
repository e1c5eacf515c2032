package io.weft.data;

import io.weft.internal.Seam;
import io.weft.internal.levels.LevelArray;
import io.weft.spec.ImageSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * IDX files of images whose values are whole numbers of 16 or 32 bits (types 11 and 12), highest
 * byte first: codes, which are taken as they are. Those of single bytes {@link Idx} reads.
 */
@Seam
public final class IdxCodes {

  private static final long SHORTS = 0x0B03;
  private static final long INTEGERS = 0x0C03;

  private IdxCodes() {}

  /** Returns whether a file begins like one of these. */
  public static boolean isOne(Path file) throws IOException {
    if (!Files.isRegularFile(file) || Files.size(file) < Integer.BYTES) {
      return false;
    }
    try (DataFile in = DataFile.open(file)) {
      long magic = in.unsignedInt("the header");
      return magic == SHORTS || magic == INTEGERS;
    }
  }

  /** Returns whether a file is not gzipped, and so can be opened. */
  public static boolean isPlain(Path file) throws IOException {
    try (DataFile in = DataFile.open(file)) {
      return !in.isPacked();
    }
  }

  /**
   * Reads a file for which {@link #isOne} holds, plain or gzipped.
   *
   * @param levels how many levels there are
   * @return an unlabelled set with 1 channel, at least one image
   * @throws DataFormatException if the file is cut off, goes on after its end, holds more than the
   *     memory, or a number that is no level
   * @throws IOException if reading fails
   */
  public static ImageSet read(Path file, int levels) throws IOException {
    return DataFile.withinMemory(
        file,
        () -> {
          try (DataFile in = DataFile.open(file)) {
            return read(in, levels);
          }
        });
  }

  /**
   * Opens a file for which {@link #isOne} holds, which may be larger than the memory; see {@link
   * ImageSet#open}. A number that is no level is found when its image is asked for.
   *
   * @param levels how many levels there are
   * @return an unlabelled set with 1 channel, at least one image
   * @throws DataFormatException if the file is gzipped, or too short or too long for its images
   * @throws IOException if it cannot be opened
   */
  public static ImageSet open(Path file, int levels) throws IOException {
    try (DataFile in = DataFile.open(file)) {
      Idx.requirePlain(in);
      var number = isOfShorts(in) ? RecordLayout.Kind.I16 : RecordLayout.Kind.I32;
      long count = in.unsignedInt("the header");
      ImageSpec spec = Idx.requireSpec(in, count, levels);
      return Idx.requireAll(
          in,
          count,
          ImageSet.open(
              file, spec, RecordLayout.whole(spec, Idx.HEADER, number, ByteOrder.BIG_ENDIAN)));
    }
  }

  private static boolean isOfShorts(DataFile in) throws IOException {
    return in.unsignedInt("the header") == SHORTS;
  }

  private static ImageSet read(DataFile in, int levels) throws IOException {
    int each = isOfShorts(in) ? Short.BYTES : Integer.BYTES;
    long count = in.unsignedInt("the header");
    ImageSpec spec = Idx.requireSpec(in, count, levels);
    // The bounds on the sides keep the product below 2^60.
    ByteBuffer bytes = ByteBuffer.wrap(in.bytes(count * spec.values() * each, "codes"));
    in.requireEnd();
    LevelArray codes = LevelArray.of(spec, bytes.capacity() / each);
    for (int i = 0; i < codes.length(); i++) {
      int code = each == Short.BYTES ? bytes.getShort() : bytes.getInt();
      if (code < 0 || code >= levels) {
        throw new DataFormatException(
            in.path(),
            "the number " + code + " in image " + i / spec.values(),
            "whole numbers from 0 to " + (levels - 1),
            "Give the number of levels, those of the code book, if there are more.");
      }
      codes.set(i, code);
    }
    return ImageSet.owning(spec, codes);
  }
}
