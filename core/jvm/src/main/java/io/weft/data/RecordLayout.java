package io.weft.data;

import io.weft.internal.Seam;
import io.weft.internal.levels.LevelArray;
import io.weft.spec.ImageSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * How images lie in a file: records of one length, one after the other, each an image of whole
 * numbers.
 *
 * @param start where the first record begins
 * @param record bytes of a record
 * @param before those of them before its image
 * @param number what the numbers are
 * @param order of the bytes of a number
 * @param axes which of the numbers are side by side
 */
@Seam
public record RecordLayout(
    long start, int record, int before, Kind number, ByteOrder order, Axes axes) {

  /** Sets of more bytes are opened in place of being read. */
  public static final long MOST_IN_MEMORY = 1L << 28;

  /** Whole numbers as files have them. */
  public enum Kind {
    /** One byte, not below 0. */
    U8(Byte.BYTES),
    /** One byte. */
    I8(Byte.BYTES),
    /** Two bytes, not below 0. */
    U16(Short.BYTES),
    /** Two bytes. */
    I16(Short.BYTES),
    /** Four bytes. */
    I32(Integer.BYTES),
    /** Eight bytes. */
    I64(Long.BYTES);

    private final int bytes;

    Kind(int bytes) {
      this.bytes = bytes;
    }

    long read(ByteBuffer from, int at) {
      return switch (this) {
        case U8 -> Byte.toUnsignedLong(from.get(at));
        case I8 -> from.get(at);
        case U16 -> Short.toUnsignedLong(from.getShort(at));
        case I16 -> from.getShort(at);
        case I32 -> from.getInt(at);
        case I64 -> from.getLong(at);
      };
    }
  }

  /** In which order the numbers of an image come. */
  public enum Axes {
    /** [row, column, channel]. */
    CHANNEL_LAST,
    /** [channel, row, column]. */
    CHANNEL_FIRST
  }

  /** Returns that of images and nothing else, a byte a level, of more than 256 levels two. */
  static RecordLayout bare(ImageSpec spec, long start) {
    Kind level = LevelArray.bytesEach(spec) == 1 ? Kind.U8 : Kind.U16;
    return whole(spec, start, level, ByteOrder.BIG_ENDIAN);
  }

  /** Returns that of images and nothing else. */
  public static RecordLayout whole(ImageSpec spec, long start, Kind number, ByteOrder order) {
    int record = Math.multiplyExact(number.bytes, spec.values());
    return new RecordLayout(start, record, 0, number, order, Axes.CHANNEL_LAST);
  }

  /** Returns where an image's numbers begin. */
  long first(int image) {
    return start + (long) image * record + before;
  }

  /** Returns how many bytes an image's numbers have. */
  int bytes(ImageSpec spec) {
    return number.bytes * spec.values();
  }

  /** Returns where among the bytes of an image the number of a value is, [row, column, channel]. */
  int at(ImageSpec spec, int value) {
    int place =
        axes == Axes.CHANNEL_LAST
            ? value
            : value % spec.channels() * spec.pixels() + value / spec.channels();
    return number.bytes * place;
  }
}
