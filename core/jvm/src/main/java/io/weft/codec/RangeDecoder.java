package io.weft.codec;

/** Finds the symbols that a {@link RangeEncoder} coded; in any bytes there are some. */
final class RangeDecoder {

  private final byte[] bytes;
  private int at;
  private long range = 1L << RangeEncoder.BITS;

  /** How far the number that is read lies beyond the interval's beginning: less than its range. */
  private long beyond;

  RangeDecoder(byte[] bytes) {
    this.bytes = bytes;
    for (int i = 0; i < RangeEncoder.BITS; i += Byte.SIZE) {
      take();
    }
  }

  private void take() {
    int next = at < bytes.length ? Byte.toUnsignedInt(bytes[at++]) : 0;
    beyond = beyond << Byte.SIZE | next;
  }

  /**
   * Returns a number below 2^24: of the frequencies, one after another, it lies in the symbol's.
   */
  int next() {
    return (int) Math.min(RangeEncoder.TOTAL - 1, beyond / (range >>> RangeEncoder.TOTAL_BITS));
  }

  /** Goes on to the next symbol; this one's frequencies are as they were for the encoder. */
  void pass(int start, int frequency) {
    beyond -= (range >>> RangeEncoder.TOTAL_BITS) * start;
    range = RangeEncoder.width(range, start, frequency);
    while (range < RangeEncoder.NARROW) {
      take();
      range <<= Byte.SIZE;
    }
  }
}
