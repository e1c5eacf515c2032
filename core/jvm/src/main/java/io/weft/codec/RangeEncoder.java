package io.weft.codec;

import java.util.Arrays;

/**
 * A range coder (Martin 1979): what was coded so far is an interval of numbers in [0, 1), of which
 * each symbol takes a part. The bytes are the shortest number within the last one. Symbols are
 * decoded in the order in which they were coded.
 */
final class RangeEncoder {

  /** Frequencies of all symbols add up to 2 to this. */
  static final int TOTAL_BITS = 24;

  static final long TOTAL = 1L << TOTAL_BITS;

  /** Bits of the interval's beginning that are not among the bytes yet. */
  static final int BITS = 56;

  /** The interval is kept so wide, in units of the last bit, that frequencies keep 24 of theirs. */
  static final long NARROW = 1L << (BITS - Byte.SIZE);

  private static final long MASK = (1L << BITS) - 1;

  private byte[] bytes = new byte[64];
  private int count;
  private long low;
  private long range = 1L << BITS;

  /**
   * Codes a symbol.
   *
   * @param start the frequencies of the symbols before it, together
   * @param frequency its own, at least 1; {@code start} and this are at most 2^24
   */
  void encode(int start, int frequency) {
    long unit = range >>> TOTAL_BITS;
    low += unit * start;
    range = width(range, start, frequency);
    if (low > MASK) {
      carry();
    }
    while (range < NARROW) {
      put((byte) (low >>> (BITS - Byte.SIZE)));
      low = (low << Byte.SIZE) & MASK;
      range <<= Byte.SIZE;
    }
  }

  /** The last symbol has what rounding left of the interval. */
  static long width(long range, int start, int frequency) {
    long unit = range >>> TOTAL_BITS;
    return start + frequency == TOTAL ? range - unit * start : unit * frequency;
  }

  /** One more in the bytes that are there. */
  private void carry() {
    low &= MASK;
    int last = count - 1;
    while (bytes[last] == -1) {
      bytes[last--] = 0;
    }
    bytes[last]++;
  }

  private void put(byte next) {
    if (count == bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * count);
    }
    bytes[count++] = next;
  }

  /** Returns the bytes of all symbols. Nothing may be coded after that. */
  byte[] finish() {
    int bits = BITS;
    long end = low;
    // The number with the fewest digits that is not below the interval's beginning, nor beyond it.
    while (bits > 0) {
      long ones = (1L << bits) - 1;
      end = (low + ones) & ~ones;
      if (end - low < range) {
        break;
      }
      bits -= Byte.SIZE;
      end = low;
    }
    low = end;
    if (low > MASK) {
      carry();
    }
    for (int at = BITS - Byte.SIZE; at >= bits; at -= Byte.SIZE) {
      put((byte) (low >>> at));
    }
    // A decoder sees zeros behind the end.
    while (count > 0 && bytes[count - 1] == 0) {
      count--;
    }
    return Arrays.copyOf(bytes, count);
  }
}
