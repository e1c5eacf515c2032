package io.weft.spark;

import java.nio.ByteBuffer;

/**
 * Numbers as the bytes that travel: Java's serialisation writes those of an array of floats one by
 * one, which takes ten times as long.
 */
final class Floats {

  private Floats() {}

  static byte[] bytes(float[] values) {
    byte[] bytes = new byte[size(values.length)];
    put(values, ByteBuffer.wrap(bytes));
    return bytes;
  }

  static float[] values(byte[] bytes) {
    return values(ByteBuffer.wrap(bytes), bytes.length / Float.BYTES);
  }

  /** Returns how many bytes so many numbers have. */
  static int size(int count) {
    return Math.multiplyExact(count, Float.BYTES);
  }

  /** Puts numbers where a buffer is at. */
  static void put(float[] values, ByteBuffer into) {
    into.asFloatBuffer().put(values);
  }

  /** Returns the next numbers of a buffer. */
  static float[] values(ByteBuffer from, int count) {
    float[] values = new float[count];
    from.asFloatBuffer().get(values);
    return values;
  }
}
