package io.weft.internal.save;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * As much of protocol buffers' wire format as the index of a checkpoint takes: fields that are
 * variable-length integers, 32-bit integers, or bytes.
 */
final class Wire {

  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;

  private static final int TYPE_BITS = 3;
  private static final int GROUP_BITS = 7;
  private static final int GROUP = (1 << GROUP_BITS) - 1;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /**
   * A field as it was read.
   *
   * @param number of the field
   * @param value of an integer, 0 for bytes
   * @param bytes of a field of bytes, else none
   */
  record Field(int number, long value, ByteBuffer bytes) {}

  /** Adds an integer; a zero is left out, as it is what a reader takes for a missing field. */
  Wire integer(int number, long value) {
    if (value != 0) {
      tag(number, VARINT);
      putVarint(out, value);
    }
    return this;
  }

  /** Adds an integer of four bytes, or none for a zero. */
  Wire fixed32(int number, int value) {
    if (value != 0) {
      tag(number, FIXED32);
      out.writeBytes(
          ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
    }
    return this;
  }

  /** Adds a message in the message. */
  Wire message(int number, Wire message) {
    tag(number, BYTES);
    putVarint(out, message.out.size());
    out.writeBytes(message.bytes());
    return this;
  }

  private void tag(int number, int type) {
    putVarint(out, (long) number << TYPE_BITS | type);
  }

  /** Returns the message. */
  byte[] bytes() {
    return out.toByteArray();
  }

  /**
   * Returns the fields of a message in their order.
   *
   * @throws IOException if the bytes are no message
   */
  static List<Field> fields(ByteBuffer message) throws IOException {
    ByteBuffer in = message.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    List<Field> fields = new ArrayList<>();
    while (in.hasRemaining()) {
      long tag = varint(in);
      int type = (int) tag & ((1 << TYPE_BITS) - 1);
      long value = 0;
      ByteBuffer bytes = ByteBuffer.allocate(0);
      switch (type) {
        case VARINT -> value = varint(in);
        case FIXED32 -> value = need(in, Integer.BYTES).getInt();
        case FIXED64 -> value = need(in, Long.BYTES).getLong();
        case BYTES -> bytes = take(in, varint(in));
        default -> throw new IOException("a field of the unknown type " + type);
      }
      fields.add(new Field((int) (tag >>> TYPE_BITS), value, bytes));
    }
    return fields;
  }

  /** Writes an integer in groups of seven bits, the lowest first. */
  static void putVarint(ByteArrayOutputStream out, long value) {
    long rest = value;
    while ((rest & ~GROUP) != 0) {
      out.write((int) (rest & GROUP) | (GROUP + 1));
      rest >>>= GROUP_BITS;
    }
    out.write((int) rest);
  }

  /**
   * Reads an integer as {@link #putVarint} writes it.
   *
   * @throws IOException if there is none
   */
  static long varint(ByteBuffer in) throws IOException {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += GROUP_BITS) {
      byte group = need(in, 1).get();
      value |= (long) (group & GROUP) << shift;
      if (group >= 0) {
        return value;
      }
    }
    throw new IOException("a number of more than 64 bits");
  }

  /**
   * Takes the next bytes, without a copy.
   *
   * @throws IOException if there are fewer
   */
  static ByteBuffer take(ByteBuffer in, long count) throws IOException {
    ByteBuffer taken = need(in, count).slice(in.position(), (int) count);
    in.position(in.position() + (int) count);
    return taken.order(ByteOrder.LITTLE_ENDIAN);
  }

  private static ByteBuffer need(ByteBuffer in, long count) throws IOException {
    if (count < 0 || count > in.remaining()) {
      throw new IOException("an end in the middle: " + count + " bytes wanted, " + in.remaining());
    }
    return in;
  }
}
