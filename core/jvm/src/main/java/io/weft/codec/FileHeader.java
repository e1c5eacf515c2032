package io.weft.codec;

import io.weft.internal.Evenly;
import io.weft.internal.levels.LevelArray;
import io.weft.spec.ImageSpec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * What a file of coded images begins with: what it was coded under, what is in it, and where each
 * block lies. The page core/docs/coded-images.md has every field.
 */
final class FileHeader {

  static final int MOST_PER_BLOCK = 256;

  /** Of one image there may be more. */
  private static final int MOST_VALUES_PER_BLOCK = 1 << 22;

  /** Far more than anybody needs, so that the index of a damaged file stays small. */
  static final int MOST_BLOCKS = 1 << 20;

  /** A value takes at most the bits of the rarest symbol, a block a few bytes more. */
  private static final int MOST_BYTES_OF_VALUE = 3;

  private static final int MOST_BYTES_MORE = 8;

  private static final byte[] MAGIC = "WEFT".getBytes(StandardCharsets.US_ASCII);

  /** Of images of up to 256 levels: a byte says how many there are. */
  private static final int FORMAT = 1;

  /** Of more: there it is two bytes. */
  private static final int FORMAT_OF_CODES = 2;

  private static final int LABELS = 1;

  private static final int TILES = 2;

  private static final int CHECKSUM = Integer.BYTES;

  /** Returns how many images a block may have. */
  static int mostPerBlock(ImageSpec image) {
    return Math.max(1, Math.min(MOST_PER_BLOCK, MOST_VALUES_PER_BLOCK / image.values()));
  }

  /** What the images were coded under and what they are like. */
  record Of(
      int arithmetic,
      boolean hasLabels,
      boolean isTiled,
      long fingerprint,
      ImageSpec image,
      int count,
      int imagesPerBlock) {

    /** Returns how many blocks there are: as few as can be, as even as can be. */
    int blocks() {
      return (int) (((long) count + imagesPerBlock - 1) / imagesPerBlock);
    }

    /** Returns the index of a block's first image; of the block after the last, the count. */
    int first(int block) {
      return Evenly.first(count, blocks(), block);
    }

    /** Returns how many images a block has. */
    int images(int block) {
      return first(block + 1) - first(block);
    }

    /** Returns how many images the largest block has: the last, if they are not equal. */
    int mostImages() {
      return images(blocks() - 1);
    }

    /** Returns the block that an image is in. */
    int block(int image) {
      int block = (int) ((long) image * blocks() / count);
      return first(block + 1) <= image ? block + 1 : block;
    }
  }

  private final Of of;
  private final int[] lengths;
  private final int[] checksums;
  private final long[] offsets;
  private final byte[] bytes;

  private FileHeader(Of of, int[] lengths, int[] checksums, byte[] bytes) {
    this.of = of;
    this.lengths = lengths;
    this.checksums = checksums;
    this.bytes = bytes;
    this.offsets = new long[lengths.length + 1];
    for (int block = 0; block < lengths.length; block++) {
      offsets[block + 1] = offsets[block] + lengths[block];
    }
  }

  Of of() {
    return of;
  }

  /** Returns the bytes of a block. */
  int length(int block) {
    return lengths[block];
  }

  /** Returns the checksum of what a block stands for. */
  int checksum(int block) {
    return checksums[block];
  }

  /** Returns where a block begins, from the end of the header on. */
  long offset(int block) {
    return offsets[block];
  }

  /** Returns the bytes of all blocks. */
  long payload() {
    return offsets[lengths.length];
  }

  /** Returns the bytes of the header. */
  int size() {
    return bytes.length;
  }

  /** Returns a copy of the header. */
  byte[] bytes() {
    return bytes.clone();
  }

  /**
   * Makes a header.
   *
   * @param lengths of the blocks, in bytes
   * @param checksums of what the blocks stand for
   */
  static FileHeader of(Of of, int[] lengths, int[] checksums) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(MAGIC);
    out.write(format(of.image()));
    out.write(of.arithmetic());
    out.write((of.hasLabels() ? LABELS : 0) | (of.isTiled() ? TILES : 0));
    out.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(of.fingerprint()).array());
    writeNumber(out, of.image().height());
    writeNumber(out, of.image().width());
    out.write(of.image().channels());
    writeBytes(out, of.image().levels() - 1, LevelArray.bytesEach(of.image()));
    writeNumber(out, of.count());
    out.write(of.imagesPerBlock() - 1);
    int shortest = Arrays.stream(lengths).min().orElseThrow();
    int longest = Arrays.stream(lengths).max().orElseThrow();
    int width = bytesOf(longest - shortest);
    writeNumber(out, shortest);
    out.write(width);
    for (int block = 0; block < lengths.length; block++) {
      writeBytes(out, lengths[block] - shortest, width);
      writeBytes(out, checksums[block], CHECKSUM);
    }
    writeBytes(out, checksum(out.toByteArray()), CHECKSUM);
    return new FileHeader(of, lengths.clone(), checksums.clone(), out.toByteArray());
  }

  private static int format(ImageSpec image) {
    return LevelArray.bytesEach(image) == 1 ? FORMAT : FORMAT_OF_CODES;
  }

  private static int checksum(byte[] bytes) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes);
    return (int) checksum.getValue();
  }

  private static int bytesOf(int number) {
    return (Integer.SIZE - Integer.numberOfLeadingZeros(number) + Byte.SIZE - 1) / Byte.SIZE;
  }

  /** Seven bits to a byte, the lowest first; the last byte is below 128. */
  private static void writeNumber(ByteArrayOutputStream out, int number) {
    int left = number;
    while (left > 0x7f) {
      out.write(left | 0x80);
      left >>>= 7;
    }
    out.write(left);
  }

  /** The highest byte first. */
  private static void writeBytes(ByteArrayOutputStream out, int number, int count) {
    for (int i = count - 1; i >= 0; i--) {
      out.write(number >>> (Byte.SIZE * i));
    }
  }

  /**
   * Reads a header, and not a byte more.
   *
   * @param place the file, for messages
   * @throws CodecException if there is none, or it is damaged or of a newer format
   */
  static FileHeader read(InputStream in, String place) throws IOException {
    return new Reader(in, place).read();
  }

  /** Reads fields, and keeps what it has read. */
  private static final class Reader {
    private final InputStream in;
    private final String place;
    private final ByteArrayOutputStream read = new ByteArrayOutputStream();

    Reader(InputStream in, String place) {
      this.in = in;
      this.place = place;
    }

    FileHeader read() throws IOException {
      byte[] magic = in.readNBytes(MAGIC.length);
      if (!Arrays.equals(magic, MAGIC)) {
        throw new CodecException(
            place,
            magic.length == 0
                ? "nothing"
                : "what begins with the bytes " + HexFormat.ofDelimiter(" ").formatHex(magic),
            "images that Weft coded, which begin with 57 45 46 54",
            "Give a file that a codec wrote.");
      }
      read.writeBytes(magic);
      int format = number(1);
      if (format != FORMAT && format != FORMAT_OF_CODES) {
        throw new CodecException(
            place,
            "images in format " + format,
            "format " + FORMAT + " or " + FORMAT_OF_CODES,
            "Use the newer Weft that wrote them; if none did, the file is damaged.");
      }
      int arithmetic = number(1);
      int flags = number(1);
      long fingerprint = ByteBuffer.wrap(take(Long.BYTES)).getLong();
      int height = number();
      int width = number();
      int channels = number(1);
      int levels = number(format == FORMAT ? 1 : 2) + 1;
      int count = number();
      int imagesPerBlock = number(1) + 1;
      if (count < 1
          || ((long) count + imagesPerBlock - 1) / imagesPerBlock > MOST_BLOCKS
          || flags > (LABELS | TILES)) {
        throw damaged();
      }
      ImageSpec image = image(height, width, channels, levels);
      if (format(image) != format || imagesPerBlock > mostPerBlock(image)) {
        throw damaged();
      }
      Of of =
          new Of(
              arithmetic,
              (flags & LABELS) != 0,
              (flags & TILES) != 0,
              fingerprint,
              image,
              count,
              imagesPerBlock);
      return index(of);
    }

    private ImageSpec image(int height, int width, int channels, int levels) throws CodecException {
      try {
        return new ImageSpec(height, width, channels, levels);
      } catch (IllegalArgumentException e) {
        throw damaged();
      }
    }

    private FileHeader index(Of of) throws IOException {
      int shortest = number();
      int width = number(1);
      if (width > Integer.BYTES) {
        throw damaged();
      }
      byte[] index = take(of.blocks() * (width + CHECKSUM));
      int sum = checksum(read.toByteArray());
      if (number(CHECKSUM) != sum) {
        throw damaged();
      }
      Reader entries = new Reader(new ByteArrayInputStream(index), place);
      int[] lengths = new int[of.blocks()];
      int[] checksums = new int[of.blocks()];
      for (int block = 0; block < lengths.length; block++) {
        long length = shortest + Integer.toUnsignedLong(entries.number(width));
        long most =
            (long) of.images(block) * of.image().values() * MOST_BYTES_OF_VALUE
                + (long) of.images(block) * MOST_BYTES_MORE;
        if (length > Math.min(most, Integer.MAX_VALUE)) {
          throw damaged();
        }
        lengths[block] = (int) length;
        checksums[block] = entries.number(CHECKSUM);
      }
      return new FileHeader(of, lengths, checksums, read.toByteArray());
    }

    private byte[] take(int count) throws IOException {
      byte[] next = in.readNBytes(count);
      read.writeBytes(next);
      if (next.length < count) {
        throw CodecException.damaged(
            place, "its end after " + read.size() + " bytes", "the rest of its header");
      }
      return next;
    }

    private int number(int bytes) throws IOException {
      int number = 0;
      for (byte next : take(bytes)) {
        number = number << Byte.SIZE | Byte.toUnsignedInt(next);
      }
      return number;
    }

    private int number() throws IOException {
      int number = 0;
      for (int shift = 0; shift < Integer.SIZE; shift += 7) {
        int next = number(1);
        number |= (next & 0x7f) << shift;
        if (next < 0x80 && number >= 0) {
          return number;
        }
      }
      throw damaged();
    }

    private CodecException damaged() {
      return CodecException.damaged(
          place, "a header with numbers that do not fit together", "the header that was written");
    }
  }
}
